import { useTranslation } from 'react-i18next'
import type { Attempt } from './chats.ts'
import styles from './simulator.module.css'
import { valueText } from './step-words.ts'
import { type Turn, turnsOf } from './turns.ts'
import { useTrace } from './use-trace.ts'

/** An attempt beside the one that it left, from where they part: what was said, and what was remembered after each turn. */
export function CompareView({
  before,
  after,
  names,
}: {
  before: Attempt
  after: Attempt
  names: { before: string; after: string }
}) {
  const { t } = useTranslation('simulator')
  const old = turnsOf(before.messages)
  const now = turnsOf(after.messages)
  const shared = Math.max(
    0,
    old.findIndex(({ id }) => id === after.from?.message),
  )
  const rows = Array.from({ length: Math.max(old.length, now.length) - shared }, (_, index) => index + shared)
  return (
    <section className={styles.compare} aria-label={t('compare')}>
      <p className={styles.small}>{t('compare.shared', { count: shared })}</p>
      <div className={styles.compareHead} aria-hidden="true">
        <span>{names.before}</span>
        <span>{names.after}</span>
      </div>
      <ol>
        {rows.map((index) => (
          <CompareTurn
            key={index}
            before={old[index]}
            after={now[index]}
            names={names}
            conversations={[before.id, after.id]}
          />
        ))}
      </ol>
    </section>
  )
}

function CompareTurn({
  before,
  after,
  names,
  conversations,
}: {
  before: Turn | undefined
  after: Turn | undefined
  names: { before: string; after: string }
  conversations: [string, string]
}) {
  const { t } = useTranslation('simulator')
  const first = useTrace(conversations[0], before?.id).data
  const second = useTrace(conversations[1], after?.id).data
  const said = (turn: Turn | undefined) => turn?.replies.map(({ text }) => text).join('\n') ?? ''
  const same = said(before) === said(after)
  const differing = [
    ...new Set([...Object.keys(first?.variables ?? {}), ...Object.keys(second?.variables ?? {})]),
  ].filter((name) => JSON.stringify(first?.variables[name]) !== JSON.stringify(second?.variables[name]))
  return (
    <li>
      <span className={`bl-tag ${same ? 'bl-tag--ok' : 'bl-tag--warn'}`}>
        {t(same ? 'compare.same' : 'compare.other')}
      </span>
      <div className={styles.pair}>
        <Side name={names.before} turn={before} />
        <Side name={names.after} turn={after} />
      </div>
      {first && second && differing.length > 0 && (
        <dl className={styles.differing}>
          {differing.map((name) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{wordsOf(first.variables[name], t('variables.empty'))}</dd>
              <dd>{wordsOf(second.variables[name], t('variables.empty'))}</dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  )
}

function wordsOf(value: unknown, empty: string): string {
  return value === undefined ? empty : valueText(value)
}

function Side({ name, turn }: { name: string; turn: Turn | undefined }) {
  const { t } = useTranslation('simulator')
  return (
    <div>
      <span className="bl-sr-only">{name}</span>
      {!turn && <i className={styles.small}>{t('compare.none')}</i>}
      {turn?.user && <p className={styles.asked}>{turn.user.text}</p>}
      {turn?.replies.map((message) => (
        <p key={message.id} lang={message.language}>
          {message.text}
        </p>
      ))}
    </div>
  )
}
