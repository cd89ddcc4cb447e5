import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChatTestView } from '#server/api/dto.ts'
import styles from './tests.module.css'

/** A kept conversation as it is to go. */
export function TestChat({ test }: { test: ChatTestView }) {
  const { t } = useTranslation('tests')
  return (
    <ol className={styles.chat}>
      {test.turns.map((turn, index) => (
        <li key={index} data-parted={test.result?.difference?.turn === index || undefined}>
          {Object.entries(turn.set ?? {}).map(([name, value]) => (
            <p key={name} className={styles.set}>
              {value === null ? t('set.forgot', { name }) : t('set', { name, value: String(value) })}
            </p>
          ))}
          {turn.user && <p className={styles.user}>{turn.user.text || turn.user.choice?.value}</p>}
          {turn.replies.map(({ pieces }, reply) => (
            <p key={reply} className={styles.reply} lang={test.language}>
              {pieces.map((piece, at) => (
                <Fragment key={at}>
                  {at > 0 && <span className={styles.anything}>{t('edit.anything')}</span>}
                  {piece}
                </Fragment>
              ))}
            </p>
          ))}
          {turn.others && <p className={styles.others}>{t(turn.replies.length > 0 ? 'others' : 'others.only')}</p>}
        </li>
      ))}
    </ol>
  )
}
