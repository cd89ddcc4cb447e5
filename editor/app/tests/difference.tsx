import { useTranslation } from 'react-i18next'
import type { ChatTest, TestDifference } from '#server/api/dto.ts'
import { toText } from './anything.ts'
import styles from './tests.module.css'
import { textDifference } from './text-difference.ts'

/** Where a test and the bot part for the first time: what was expected beside what was said. */
export function Difference({ test, difference }: { test: ChatTest; difference: TestDifference }) {
  const { t } = useTranslation('tests')
  const expected = difference.expected === null ? null : toText(difference.expected.pieces)
  const { said } = difference
  const parts = textDifference(expected ?? '', said ?? '')
  const user = test.turns[difference.turn]?.user
  return (
    <section className={styles.difference} aria-label={t('difference')}>
      <p>{user ? t('difference.after', { text: user.text || user.choice?.value }) : t('difference.first')}</p>
      <dl>
        <div data-side="expected">
          <dt>{t('expected')}</dt>
          <dd>
            {expected === null ? (
              <i>{t('nothing')}</i>
            ) : (
              <>
                {parts.start}
                <mark>{parts.before}</mark>
                {parts.end}
              </>
            )}
          </dd>
        </div>
        <div data-side="said">
          <dt>{t('said')}</dt>
          <dd>
            {said === null ? (
              <i>{t('nothing')}</i>
            ) : (
              <>
                {parts.start}
                <mark>{parts.after}</mark>
                {parts.end}
              </>
            )}
          </dd>
        </div>
      </dl>
    </section>
  )
}
