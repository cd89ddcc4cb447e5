import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { InsightFigure, InsightFigures, InsightFilter } from '#server/api/dto.ts'
import { Icon } from '../ui/icons.tsx'
import { number, percent } from '../ui/words.ts'
import { useFigureWords } from './figure-words.ts'
import { chatsAddress } from './insight-filter.ts'
import styles from './insights.module.css'
import { type Measure, measures } from './shares.ts'

/** The tiles, whether more is better, and which conversations are behind each. */
const tiles: { measure: Measure; better: 'more' | 'less' | 'neither'; behind?: InsightFigure }[] = [
  { measure: 'conversations', better: 'neither', behind: 'conversations' },
  { measure: 'contained', better: 'more', behind: 'contained' },
  { measure: 'handedOver', better: 'less', behind: 'handedOver' },
  { measure: 'noMatch', better: 'less', behind: 'noMatch' },
  { measure: 'rating', better: 'more', behind: 'rated' },
  { measure: 'p50', better: 'less' },
]

/** What the days came to in plain words, beside the days before. */
export function Tiles({
  bot,
  filter,
  total,
  before,
  days,
}: {
  bot: string
  filter: InsightFilter
  total: InsightFigures
  before: InsightFigures | null
  days: number
}) {
  const { t } = useTranslation('insights')
  const words = useFigureWords()
  return (
    <dl className={styles.tiles}>
      {tiles.map(({ measure, better, behind }) => {
        const value = measures[measure](total)
        const count = behind === undefined ? 0 : countBehind(total, behind)
        return (
          <div key={measure} className={styles.tile}>
            <dt>{t(`tile.${measure}`)}</dt>
            <dd>
              <strong>{words(measure, value)}</strong>
              <Change measure={measure} better={better} now={value} before={before} days={days} />
              <span className={styles.about}>{about(measure, total)}</span>
              {behind && count > 0 && (
                <Link to={chatsAddress(bot, { ...filter, figure: behind })}>{t('open', { count })}</Link>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )

  /** What a share is a share of. */
  function about(measure: Measure, figures: InsightFigures): string {
    const { conversations, contained, handedOver, messages, noMatch, verdicts, apiCalls, ratings } = figures
    switch (measure) {
      case 'conversations':
        return t('tile.conversations.about', { count: messages })
      case 'contained':
        return t('tile.contained.about', { part: number(contained), count: contained + handedOver })
      case 'handedOver':
        return t('tile.handedOver.about', { part: number(handedOver), count: conversations })
      case 'noMatch':
        return t('tile.noMatch.about', { part: number(noMatch), count: verdicts })
      case 'rating':
        return t('tile.rating.about', { count: ratings.count })
      default:
        return t('tile.p50.about', {
          p95: words('p95', measures.p95(figures)),
          verdicts: number(verdicts),
          calls: number(apiCalls),
        })
    }
  }
}

function countBehind(figures: InsightFigures, behind: InsightFigure): number {
  switch (behind) {
    case 'contained':
    case 'handedOver':
    case 'conversations':
    case 'noMatch':
      return figures[behind]
    default:
      return figures.ratings.count
  }
}

function Change({
  measure,
  better,
  now,
  before,
  days,
}: {
  measure: Measure
  better: 'more' | 'less' | 'neither'
  now: number | null
  before: InsightFigures | null
  days: number
}) {
  const { t } = useTranslation('insights')
  const then = before && measures[measure](before)
  if (now === null || then === null || (measure === 'conversations' && then === 0))
    return <span className={styles.change}>{t('change.none', { days })}</span>
  // Of shares the points between them, of everything else how much more it is.
  const isShare = measure === 'contained' || measure === 'handedOver' || measure === 'noMatch'
  const change = isShare || measure === 'rating' ? now - then : then === 0 ? 0 : now / then - 1
  const shown =
    measure === 'rating'
      ? number(change, 1)
      : isShare
        ? t('points', { value: number(change * 100, 1) })
        : percent(change, 0)
  const still = Math.abs(change) < (measure === 'rating' ? 0.05 : isShare ? 0.0005 : 0.005)
  const good = better === 'neither' || still ? undefined : change > 0 === (better === 'more') ? 'good' : 'bad'
  return (
    <span className={styles.change} data-change={good} title={t('change.about', { days })}>
      {!still && <Icon name={change > 0 ? 'up' : 'down'} size={14} />}
      {still ? t('change.same') : `${change > 0 ? '+' : ''}${shown}`}
      <span className="bl-sr-only"> {t('change.about', { days })}</span>
    </span>
  )
}
