import { useTranslation } from 'react-i18next'
import { runNoteText, runNoteTone } from '#kit/run-notes.ts'
import type { RunView } from '#server/api/dto.ts'
import { errorWords } from '../app/api.ts'
import { studioLanguage } from '../app/i18n.ts'
import { clock, fullTime, percent, useDuration } from '../app/ui/words.ts'
import styles from './insights.module.css'

/** The blocks of a run one below the other: how long each took, what was reused, what failed and why, what happened on the way. */
export function RunTimeline({ run, nameOf }: { run: RunView; nameOf: (node: string) => string }) {
  const { t } = useTranslation('runs')
  const duration = useDuration()
  const total = run.nodes.reduce((sum, node) => sum + (node.seconds ?? 0), 0)
  let before = 0
  return (
    <table className={styles.timeline}>
      <caption className="bl-sr-only">{t('timeline')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('block')}</th>
          <th scope="col">{t('state')}</th>
          <th scope="col" className={styles.wide}>
            {t('when')}
          </th>
          <th scope="col" className={styles.right}>
            {t('took')}
          </th>
        </tr>
      </thead>
      <tbody>
        {run.nodes.map((node) => {
          const start = before
          before += node.seconds ?? 0
          return (
            <tr key={node.node}>
              <th scope="row">{node.name ?? nameOf(node.node)}</th>
              <td>
                <span className={`bl-tag ${tone[node.status] ?? ''}`}>{t(`node.${node.status}`)}</span>
              </td>
              <td className={styles.wide}>
                {node.kept && (
                  <span className={styles.note}>
                    <time dateTime={node.kept.startedAt} title={fullTime(node.kept.startedAt)}>
                      {t('kept', { time: clock(node.kept.startedAt) })}
                    </time>
                  </span>
                )}
                {node.failure ? (
                  <span className={styles.failure}>
                    {errorWords(node.failure).message} {errorWords(node.failure).remedy}
                  </span>
                ) : node.status === 'running' && node.progress ? (
                  <span className="bl-bar">
                    <span style={{ width: `${node.progress.share * 100}%` }} />
                  </span>
                ) : (
                  total > 0 &&
                  node.seconds !== null && (
                    <span className={styles.lane}>
                      <span
                        style={{
                          marginInlineStart: `${(start / total) * 100}%`,
                          width: `${Math.max((node.seconds / total) * 100, 0.5)}%`,
                        }}
                      />
                    </span>
                  )
                )}
                {node.notes.length > 0 && (
                  <ul className={styles.notes}>
                    {node.notes.map((note) => (
                      <li key={`${note.at} ${note.code}`} data-tone={runNoteTone(note.code)}>
                        <time dateTime={note.at}>{clock(note.at)}</time> {runNoteText(note, studioLanguage())}
                      </li>
                    ))}
                  </ul>
                )}
              </td>
              <td className={styles.right}>
                {node.status === 'running' && node.progress
                  ? percent(node.progress.share, 0)
                  : node.seconds === null
                    ? '–'
                    : duration(node.seconds)}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

const tone: Record<string, string> = {
  done: 'bl-tag--ok',
  failed: 'bl-tag--error',
  running: 'bl-tag--accent',
  cancelled: 'bl-tag--warn',
}
