import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { valueText } from '#editor/simulator/step-words.ts'
import { safeUrl } from '#kit/safe-url.ts'
import type { ChatDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { Icon } from '../ui/icons.tsx'
import { Time } from '../ui/time.tsx'
import { languageName } from '../ui/words.ts'
import styles from './side.module.css'
import { Tags } from './tags.tsx'
import { useChatChange } from './use-chat-change.ts'

/** What is known of the chat: why it is here, who has it, who the visitor is, what the bot remembers. */
export function SidePanel({ chat, me }: { chat: ChatDetail; me: string }) {
  const { t } = useTranslation('chats')
  const { handoff, visitor, verified, variables, bot, version, context } = chat
  const { page } = context
  return (
    <div className={styles.side}>
      {handoff && (
        <Part title={t('handoff')}>
          <div className={styles.handoff} data-waits={chat.status === 'waiting' || undefined}>
            {handoff.reason && <p>{handoff.reason}</p>}
            {handoff.note && <p className={styles.dim}>{handoff.note}</p>}
            <p className={styles.dim}>
              {t('handoff.since')} <Time iso={handoff.at} />
            </p>
          </div>
        </Part>
      )}
      <Assignee chat={chat} me={me} />
      <Tags chat={chat} />
      <Part title={t('visitor.about')}>
        {verified && (
          <div className={styles.verified}>
            <p>
              <Icon name="check" size={14} /> {t('visitor.verified')}
            </p>
            <Facts facts={verified} none="" />
          </div>
        )}
        {(!verified || Object.keys(visitor).length > 0) && (
          <>
            {Object.keys(visitor).length > 0 && <p className={styles.dim}>{t('visitor.claimed')}</p>}
            <Facts facts={visitor} none={t('visitor.none')} />
          </>
        )}
      </Part>
      {(page || context.attributes) && (
        <Part title={t('visit')}>
          {page?.url && (
            <p className={styles.pageLine}>
              <a href={safeUrl(page.url, 'link') ?? undefined} target="_blank" rel="noopener noreferrer nofollow">
                {page.title || page.url}
              </a>
            </p>
          )}
          {page?.title && page.url && <p className={styles.dim}>{page.url}</p>}
          {page?.referrer && (
            <p className={styles.dim}>
              {t('visit.from')} {page.referrer}
            </p>
          )}
          {context.attributes && <Facts facts={context.attributes} none="" />}
        </Part>
      )}
      <Part title={t('variables')}>
        <Facts
          facts={Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, valueText(value)]))}
          none={t('variables.none')}
        />
      </Part>
      <Part title={t('about')}>
        <dl className={styles.facts}>
          <div>
            <dt>{t('about.bot')}</dt>
            <dd>
              <Link to={`/bots/${bot.id}/canvas`}>{bot.name}</Link>
              {version !== null && ` · v${version}`}
            </dd>
          </div>
          <div>
            <dt>{t('about.language')}</dt>
            <dd>{languageName(chat.language)}</dd>
          </div>
          <div>
            <dt>{t('about.started')}</dt>
            <dd>
              <Time iso={chat.startedAt} />
            </dd>
          </div>
        </dl>
        <Link className={styles.canvas} to={`/bots/${bot.id}/canvas`}>
          {t('about.canvas')} <Icon name="right" size={14} />
        </Link>
      </Part>
    </div>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}

function Facts({ facts, none }: { facts: Record<string, string>; none: string }) {
  const known = Object.entries(facts).filter(([, value]) => value !== '')
  if (known.length === 0) return <p className={styles.dim}>{none}</p>
  return (
    <dl className={styles.facts}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Assignee({ chat, me }: { chat: ChatDetail; me: string }) {
  const { t } = useTranslation('chats')
  const id = useId()
  const people = useQuery({ queryKey: keys.people, queryFn: api.people })
  const { busy, change } = useChatChange(chat.id)
  const { assignee } = chat
  const list = people.data ?? []
  // Somebody who has left still has what they had.
  const gone = assignee && !list.some(({ id: one }) => one === assignee.id) ? [assignee] : []
  return (
    <section>
      <h3>
        <label htmlFor={id}>{t('assignee')}</label>
      </h3>
      <select
        id={id}
        className="bl-select"
        value={assignee?.id ?? ''}
        disabled={busy !== null}
        onChange={(event) =>
          void change('assignee', () => api.changeChat(chat.id, { assignee: event.target.value || null }))
        }
      >
        <option value="">{t('assignee.nobody')}</option>
        {[...list, ...gone].map((person) => (
          <option key={person.id} value={person.id}>
            {person.id === me ? t('assignee.me', { name: person.name }) : person.name}
          </option>
        ))}
      </select>
    </section>
  )
}
