import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { number } from '../ui/words.ts'
import styles from './answers-page.module.css'
import { QuestionBox } from './question-box.tsx'

const ways = ['greedy', 'drawn'] as const
const mostTokens = 128

/** An answer as it stands: `ended` is null while it grows. */
interface Answer {
  question: string
  text: string
  ended: boolean | null
}

/** Asks the model of a report and shows its answer as it is written. Leaving the page stops it. */
export function AskModel({ bot, run }: { bot: string; run: string }) {
  const { t } = useTranslation('reports')
  const id = useId()
  const [question, setQuestion] = useState('')
  const [way, setWay] = useState<(typeof ways)[number]>('greedy')
  const [temperature, setTemperature] = useState(0.8)
  const [topP, setTopP] = useState(0.9)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const growing = answer?.ended === null

  const ask = async () => {
    const asked = question.trim()
    if (asked === '' || growing) return
    const own = new AbortController()
    stop.current = own
    setError(null)
    setAnswer({ question: asked, text: '', ended: null })
    const sampling = way === 'greedy' ? { temperature: 0, topP: 1 } : { temperature, topP }
    try {
      const request = { question: asked, ...sampling, maxTokens: mostTokens }
      for await (const event of api.ask(bot, run, request, own.signal))
        setAnswer({ question: asked, text: event.text, ended: event.type === 'written' ? event.ended : null })
    } catch (problem) {
      setAnswer((now) => now && { ...now, ended: false })
      if (!own.signal.aborted) setError(problem)
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
      <QuestionBox label={t('ask.question')} value={question} onChange={setQuestion} />
      <fieldset className={styles.ways} aria-label={t('ask.way')}>
        {ways.map((one) => (
          <label key={one}>
            <input type="radio" name={`${id}-way`} checked={way === one} onChange={() => setWay(one)} />
            {t(`ask.${one}`)}
          </label>
        ))}
      </fieldset>
      {way === 'drawn' && (
        <div className={styles.dials}>
          <Dial name={t('ask.temperature')} min={0.1} max={1.5} value={temperature} onChange={setTemperature} />
          <Dial name={t('ask.top-p')} min={0.1} max={1} value={topP} onChange={setTopP} />
        </div>
      )}
      <div className={styles.buttons}>
        <Button type="submit" variant="primary" disabled={question.trim() === '' || growing}>
          {t('ask.send')}
        </Button>
        {growing && <Button onClick={() => stop.current?.abort()}>{t('ask.stop')}</Button>}
      </div>
      {answer && (
        <div className={styles.answer} role="status" aria-live="polite" aria-busy={growing}>
          <small>{answer.question}</small>
          <p data-growing={growing ? '' : undefined}>{answer.text || (growing ? '' : t('answers.nothing'))}</p>
          {answer.ended === false && !error && <small>{t('answers.cut')}</small>}
        </div>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}

function Dial({
  name,
  value,
  onChange,
  ...range
}: {
  name: string
  min: number
  max: number
  value: number
  onChange: (value: number) => void
}) {
  return (
    <label>
      <span>{name}</span>
      <input
        type="range"
        step={0.05}
        {...range}
        value={value}
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output>{number(value, 2)}</output>
    </label>
  )
}
