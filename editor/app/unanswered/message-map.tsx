import { type PointerEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UnansweredMessage } from '#server/api/dto.ts'
import { colourOf, isRing } from './group-look.ts'
import styles from './unanswered.module.css'

const side = 400
const margin = 14
/** Pixels of the picture within which a point is meant. */
const reach = 14

const placeOf = (share: number): number => margin + share * (side - 2 * margin)

/** Every message as a point: what is near is alike. The list beside it says the same by words and keys. */
export function MessageMap({
  messages,
  picked,
  onPick,
}: {
  messages: readonly UnansweredMessage[]
  /** The group that is lit. */
  picked: number | null
  onPick: (group: number) => void
}) {
  const { t } = useTranslation('unanswered')
  const [near, setNear] = useState<UnansweredMessage | null>(null)
  const nearest = (event: PointerEvent<SVGSVGElement>): UnansweredMessage | null => {
    const box = event.currentTarget.getBoundingClientRect()
    const x = ((event.clientX - box.left) / box.width) * side
    const y = ((event.clientY - box.top) / box.height) * side
    let best: UnansweredMessage | null = null
    let least = reach
    for (const message of messages) {
      const apart = Math.hypot(placeOf(message.x) - x, placeOf(message.y) - y)
      if (apart < least) [best, least] = [message, apart]
    }
    return best
  }
  return (
    <figure className={styles.map}>
      <svg
        viewBox={`0 0 ${side} ${side}`}
        role="img"
        aria-label={t('map.about', { count: messages.length })}
        data-over={near !== null || undefined}
        onPointerMove={(event) => setNear(nearest(event))}
        onPointerLeave={() => setNear(null)}
        onPointerUp={(event) => {
          const met = nearest(event)
          if (met) onPick(met.group)
        }}
      >
        {messages.map(({ id, x, y, group }) => (
          <circle
            key={id}
            cx={placeOf(x)}
            cy={placeOf(y)}
            r={id === near?.id ? 6 : group < 0 ? 2.5 : 4}
            data-dim={(picked !== null && picked !== group) || undefined}
            style={isRing(group) ? { stroke: colourOf(group), fill: 'none' } : { fill: colourOf(group) }}
          />
        ))}
      </svg>
      <figcaption>{near ? near.text : t('map.hint')}</figcaption>
    </figure>
  )
}
