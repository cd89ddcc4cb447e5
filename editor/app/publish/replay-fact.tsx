import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ReplayedChat } from '#server/api/dto.ts'
import { textDifference } from '../tests/text-difference.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import styles from './publish.module.css'
import type { Replay } from './use-replay.ts'

/** Shown at first; the others are one click away. */
const fewest = 3

/** Which replies to recent chats would change, old beside new, and that somebody means them to. */
export function ReplayFact({
  replay,
  accepted,
  onAccept,
}: {
  replay: Replay
  accepted: boolean
  onAccept: (accepted: boolean) => void
}) {
  const { t } = useTranslation('publish')
  const [all, setAll] = useState(false)
  const { checked, differing, done, error } = replay
  if (error !== null) return <ErrorNotice error={error} />
  if (!done)
    return (
      <p className={styles.testing} role="status">
        <span className="bl-spinner" aria-hidden="true" />
        {t('replay.running', { count: checked })}
      </p>
    )
  if (checked === 0) return <>{t('replay.none')}</>
  if (differing.length === 0) return <>{t('replay.same', { count: checked })}</>
  const shown = all ? differing : differing.slice(0, fewest)
  return (
    <div className={styles.replay}>
      <p>{t('replay.differ', { count: differing.length, all: checked })}</p>
      <ul>
        {shown.map((one) => (
          <Changed key={one.chat} one={one} />
        ))}
      </ul>
      {!all && differing.length > fewest && (
        <Button variant="quiet" onClick={() => setAll(true)}>
          {t('replay.more', { count: differing.length - fewest })}
        </Button>
      )}
      <label className="bl-check">
        <input type="checkbox" checked={accepted} onChange={(event) => onAccept(event.target.checked)} />
        <span>{t('replay.accept')}</span>
      </label>
    </div>
  )
}

function Changed({ one }: { one: ReplayedChat }) {
  const { t } = useTranslation('publish')
  const [before, after] = [one.before.join('\n'), one.after.join('\n')]
  const parts = textDifference(before, after)
  const side = (name: 'before' | 'after', text: string, changed: string) => (
    <div data-side={name}>
      <dt>{t(`replay.${name}`)}</dt>
      <dd>
        {text === '' ? (
          <i>{t('replay.nothing')}</i>
        ) : (
          <>
            {parts.start}
            <mark>{changed}</mark>
            {parts.end}
          </>
        )}
      </dd>
    </div>
  )
  return (
    <li>
      <p>
        <span>{one.user === null ? t('replay.greeting') : t('replay.said', { text: one.user })}</span>
        <Link to={`/chats/${one.chat}?status=all`}>
          <Time iso={one.at} />
        </Link>
      </p>
      <dl>
        {side('before', before, parts.before)}
        {side('after', after, parts.after)}
      </dl>
    </li>
  )
}
