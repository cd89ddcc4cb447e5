import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { AnsweredView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { Icon } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { percent } from '../ui/words.ts'
import styles from './unanswered.module.css'

/** What became of messages that were added to a topic: how the bot took them then, and how the draft takes them now. */
export function AnsweredSection({ bot }: { bot: string }) {
  const { t } = useTranslation('unanswered')
  const answered = useQuery({ queryKey: keys.unansweredAnswered(bot), queryFn: () => api.answered(bot) })
  if (answered.error) return <ErrorNotice error={answered.error} onRetry={() => answered.refetch()} />
  const { messages = [], stale = false } = answered.data ?? {}
  if (messages.length === 0) return null
  const right = messages.filter(({ after }) => after?.understood && after.right).length
  return (
    <section className={page.section} aria-labelledby="bl-answered">
      <h2 id="bl-answered">{t('answered')}</h2>
      <p>
        {t('answered.sum', { count: messages.length, right })}
        {stale && ` ${t('answered.stale')}`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className={styles.scroll} tabIndex={0} aria-label={t('answered.table')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('answered.message')}</th>
              <th scope="col">{t('answered.before')}</th>
              <th scope="col">{t('answered.now')}</th>
            </tr>
          </thead>
          <tbody>
            {messages.map((message) => (
              <tr key={message.id}>
                <th scope="row">
                  <Link to={`/chats/${message.chat}?status=all`}>{message.text}</Link>
                  <span className={styles.about}>{message.topic ?? t('answered.no-topic')}</span>
                </th>
                <td>
                  <Before before={message.before} />
                </td>
                <td>
                  <After after={message.after} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

type Answered = AnsweredView['messages'][number]

function Before({ before: { version, guess, said } }: Pick<Answered, 'before'>) {
  const { t } = useTranslation('unanswered')
  return (
    <>
      <span className={styles.verdict} data-state="missed">
        <Icon name="help" size={16} /> {t('verdict.missed')}
      </span>
      <span className={styles.about}>
        {version !== null && `v${version} · `}
        {guess && t('verdict.guess', { topic: guess.name, share: percent(guess.probability, 0) })}
      </span>
      {said !== '' && <span className={styles.said}>{said}</span>}
    </>
  )
}

function After({ after }: Pick<Answered, 'after'>) {
  const { t } = useTranslation('unanswered')
  if (!after) return <span className={styles.about}>{t('verdict.unknown')}</span>
  const state = !after.understood ? 'missed' : after.right ? 'right' : 'wrong'
  const icon = state === 'right' ? 'check' : state === 'wrong' ? 'warning' : 'help'
  return (
    <>
      <span className={styles.verdict} data-state={state}>
        <Icon name={icon} size={16} /> {state === 'missed' ? t('verdict.missed') : after.name}
      </span>
      <span className={styles.about}>
        {state === 'missed'
          ? t('verdict.guess', { topic: after.name, share: percent(after.probability, 0) })
          : t(state === 'right' ? 'verdict.right' : 'verdict.wrong', { share: percent(after.probability, 0) })}
      </span>
    </>
  )
}
