import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelAnswer } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { number, percent } from '../ui/words.ts'
import styles from './answers-page.module.css'
import { QuestionBox } from './question-box.tsx'

const mostShown = 5
/** As the intent block takes a message for foreign when it comes. */
const foreignFrom = 0.5

/** Gives the model of a report a text, or two where it reads two, and shows what it makes of it. */
export function TryModel({ bot, run, pairs }: { bot: string; run: string; pairs: boolean }) {
  const { t } = useTranslation('reports')
  const [text, setText] = useState('')
  const [pair, setPair] = useState('')
  const [answer, setAnswer] = useState<ModelAnswer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const ready = text.trim() !== '' && (!pairs || pair.trim() !== '') && !busy

  const ask = async () => {
    if (!ready) return
    setBusy(true)
    setError(null)
    try {
      const second = pairs ? { pair: pair.trim() } : {}
      setAnswer(await api.tryModel(bot, run, { text: text.trim(), ...second, count: mostShown }))
    } catch (problem) {
      setAnswer(null)
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className={styles.ask}
      onSubmit={(event) => {
        event.preventDefault()
        void ask()
      }}
    >
      <QuestionBox label={t('ask.question')} value={text} onChange={setText} />
      {pairs && <QuestionBox label={t('try.second')} value={pair} onChange={setPair} />}
      <div className={styles.buttons}>
        <Button type="submit" variant="primary" busy={busy} disabled={!ready}>
          {t('try.send')}
        </Button>
      </div>
      {answer && (
        <div className={styles.answer} role="status" aria-live="polite">
          {answer.gives === 'labels' ? <Labels answer={answer} /> : <Found answer={answer} />}
        </div>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}

function Labels({ answer: { classification } }: { answer: Extract<ModelAnswer, { gives: 'labels' }> }) {
  const { t } = useTranslation('reports')
  const { labels, outOfScope, entities = [] } = classification
  return (
    <>
      {outOfScope > foreignFrom && <p>{t('try.foreign', { share: percent(outOfScope, 0) })}</p>}
      <ol className={styles.ranked}>
        {labels.slice(0, mostShown).map(({ label, name, probability }) => (
          <li key={label}>
            <span>{name}</span>
            <b>{percent(probability, 0)}</b>
          </li>
        ))}
      </ol>
      {entities.length > 0 && (
        <small>{entities.map(({ type, text }) => t('try.entity', { type, text })).join(' · ')}</small>
      )}
    </>
  )
}

function Found({ answer: { found } }: { answer: Extract<ModelAnswer, { gives: 'found' }> }) {
  const { t } = useTranslation('reports')
  return (
    <>
      {!found.fits && <p>{t('try.none')}</p>}
      <ol className={styles.ranked} data-weak={found.fits ? undefined : ''}>
        {found.answers.map(({ row, text, similarity }) => (
          <li key={row}>
            <span>{text}</span>
            <b title={t('try.similarity')}>{number(similarity, 2)}</b>
          </li>
        ))}
      </ol>
    </>
  )
}
