import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError, api, errorWords } from '#editor/app/api.ts'
import { Button } from '#editor/app/ui/button.tsx'
import { number } from '#editor/app/ui/words.ts'
import { newId } from '#editor/document/ids.ts'
import { useDraft } from '#editor/document/store.ts'
import { tokensOf } from '#kit/json-pointer.ts'
import { pickText } from '#kit/text.ts'
import { placeholdersOf } from '#kit/text-checks.ts'
import type { WidgetProps } from '../widget.ts'
import { AnswerTree } from './answer-tree.tsx'

interface Mapping {
  id: string
  pointer: string
  variable: string
}

/** An answer of another server to point at: pasted, or asked for now. What is clicked on is remembered (`map`, beside it). */
export function CallAnswerWidget({ value, onChange, id, describedBy, siblings, node }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const bot = useDraft((state) => state.bot)
  const type = useDraft((state) => state.document.nodes[node]?.type ?? '')
  const parameters = useDraft((state) => state.document.parameters)
  const languages = useDraft((state) => state.document.languages)
  const [given, setGiven] = useState<Record<string, string>>({})
  const sample = typeof value === 'string' ? value : ''
  const map = (Array.isArray(siblings.map) ? siblings.map : []) as Mapping[]
  const own = Object.fromEntries(
    Object.values(parameters).map(({ name, value: set }) => [name, inWords(set, languages[0] ?? 'en')]),
  )
  const wanted = [...new Set(placeholdersOf(JSON.stringify(siblings)))].filter((name) => !Object.hasOwn(own, name))
  const call = useMutation({
    mutationFn: () =>
      api.tryCall(bot, {
        type,
        config: { ...siblings, sample },
        variables: Object.fromEntries(wanted.flatMap((name) => (given[name] ? [[name, given[name]]] : []))),
        parameters: own,
      }),
    onSuccess: ({ text }) => onChange(text),
  })
  const failed = call.error instanceof ApiError ? errorWords(call.error) : null
  const parsed = parse(sample)

  const remember = (pointer: string) => {
    const variable = nameFor(pointer, map)
    onChange(sample, undefined, { map: [...map, { id: newId('i'), pointer, variable }] })
  }
  return (
    <div className="bl-insp-answer">
      {wanted.map((name) => (
        <label key={name} className="bl-insp-answer__value">
          <code>{`{{${name}}}`}</code>
          <input
            className="bl-input bl-insp-input"
            value={given[name] ?? ''}
            placeholder={t('answer.value')}
            onChange={({ target }) => setGiven({ ...given, [name]: target.value })}
          />
        </label>
      ))}
      <div className="bl-insp-answer__ask">
        <Button size="small" icon="play" busy={call.isPending} onClick={() => call.mutate()}>
          {t(siblings.method === 'GET' ? 'answer.get' : 'answer.send')}
        </Button>
        {call.data && <output>{t('answer.came', { status: call.data.status, ms: number(call.data.ms) })}</output>}
      </div>
      {failed && (
        <p className="bl-insp-issue" role="alert">
          {failed.message} {failed.remedy}
        </p>
      )}
      {call.data?.cut && <p className="bl-insp-issue">{t('answer.cut')}</p>}
      <textarea
        id={id}
        className="bl-input bl-insp-input bl-insp-code"
        rows={sample === '' ? 3 : 5}
        spellCheck={false}
        maxLength={20_000}
        aria-describedby={describedBy}
        value={sample}
        placeholder={t('answer.paste')}
        onChange={({ target }) => onChange(target.value)}
      />
      {parsed !== undefined && (
        <AnswerTree
          value={parsed}
          taken={new Map(map.map(({ pointer, variable }) => [pointer, variable]))}
          onPick={remember}
        />
      )}
    </div>
  )
}

function parse(text: string): unknown {
  try {
    return text.trim() === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A name that texts can use, after the last named step of the place; none where it is taken. */
function nameFor(pointer: string, map: readonly Mapping[]): string {
  const named = tokensOf(pointer).findLast((token) => !/^\d+$/.test(token)) ?? 'answer'
  const bare = named.replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/^(?=\p{N})/u, '_')
  return map.some(({ variable }) => variable === bare) ? `${bare}_${map.length + 1}` : bare
}

function inWords(value: unknown, language: string): string {
  if (Array.isArray(value)) return value.join(', ')
  return value !== null && typeof value === 'object'
    ? pickText(value as Record<string, string>, language)
    : String(value ?? '')
}
