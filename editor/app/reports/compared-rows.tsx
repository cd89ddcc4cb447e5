import type { ReactNode } from 'react'
import styles from './answers-page.module.css'

/** A question of the test with a figure, and two answers to it side by side, each under its name. */
export interface ComparedRow {
  id: string
  question: string
  language?: string
  figure: { text: string; help?: string }
  answers: readonly [name: string, text: ReactNode][]
}

export function ComparedRows({ rows }: { rows: readonly ComparedRow[] }) {
  return (
    <ol className={styles.examples}>
      {rows.map(({ id, question, language, figure, answers }) => (
        <li key={id}>
          <h3>
            <span lang={language}>{question}</span>
            <b title={figure.help}>{figure.text}</b>
          </h3>
          <dl>
            {answers.map(([name, text]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ol>
  )
}
