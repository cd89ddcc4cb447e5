import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { markDone } from '#editor/app/bot/checklist-state.ts'
import { useRunNow } from '#editor/app/bot/use-run-now.ts'
import { Button } from '#editor/app/ui/button.tsx'
import { Icon } from '#editor/app/ui/icons.tsx'
import { ErrorNotice, Notice } from '#editor/app/ui/notice.tsx'
import { flyTo } from '#editor/canvas/control.ts'
import { select } from '#editor/document/selection.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { ChatHead } from './chat-head.tsx'
import { changeChat, chatAt, chats, currentOf, isOutdated, keyOf, openChat, rerun, restartChat, say } from './chats.ts'
import { CompareView } from './compare-view.tsx'
import { KeepTest } from './keep-test.tsx'
import { MessageView } from './message-view.tsx'
import { RerunBox } from './rerun-box.tsx'
import styles from './simulator.module.css'
import { StepBar } from './step-bar.tsx'
import { choiceOf, type Turn, turnsOf } from './turns.ts'
import { usePlace } from './use-place.ts'
import { useTrace } from './use-trace.ts'
import { useWalk } from './use-walk.ts'
import { VariablesPanel } from './variables-panel.tsx'
import { WhyTrace } from './why-trace.tsx'

/** Talks with the draft as it stands or with a version, shows of every answer why it was given, and goes back to any message. */
export function Simulator({ bot }: { bot: string }) {
  const { t } = useTranslation('simulator')
  const { place, setPlace, replay } = usePlace(bot)
  const chat = useStore(chats, (state) => chatAt(state, place))
  const attempt = currentOf(chat)
  const document = useDraft((state) => state.document)
  const [isStepping, setStepping] = useState(false)
  const [withVariables, setWithVariables] = useState(false)
  const [again, setAgain] = useState<{ message: string; variable: string | null } | null>(null)
  const [isComparing, setComparing] = useState(false)
  const [isKeeping, setKeeping] = useState(false)
  const end = useRef<HTMLLIElement>(null)
  const input = useRef<HTMLInputElement>(null)
  const { start: runNow, busy } = useRunNow(bot)

  const key = keyOf(place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a place
  useEffect(() => {
    setAgain(null)
    setComparing(false)
    void (replay ? restartChat(place, replay) : openChat(place))
  }, [key, replay?.test])

  const messages = attempt?.messages ?? []
  const waiting = chat.starting || attempt?.waiting === true
  const turns = turnsOf(messages)
  const lastTurn = turns.at(-1)
  const shown = turns.find((turn) => isIn(turn, chat.picked)) ?? lastTurn
  const settled = waiting && shown === lastTurn ? undefined : shown
  const why = useTrace(attempt?.id, settled?.id)
  const { at, setAt } = useWalk(why.data, isStepping, chat.picked)

  const count = messages.length
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new message brings the end into view
  useEffect(() => {
    if (!chat.picked) end.current?.scrollIntoView({ block: 'end' })
  }, [count, waiting, why.data, withVariables, isStepping])

  const send = async (words: string, choice?: { block: string; value: string }, file?: File) => {
    markDone(bot, 'talk')
    setAgain(null)
    await draft.flush().catch(() => {})
    await say(place, words, choice, file)
    if (!isStepping) input.current?.focus()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const words = chat.text.trim()
    if (!words || waiting) return
    changeChat(place, { text: '' })
    void send(words)
  }
  const restart = async () => {
    setAgain(null)
    setComparing(false)
    await draft.flush().catch(() => {})
    await restartChat(place)
  }
  const pick = (message: string) => changeChat(place, { picked: chat.picked === message ? null : message })

  const againTurn = again ? turns.findIndex(({ id }) => id === again.message) : -1
  const beforeAgain = useTrace(attempt?.id, turns[againTurn - 1]?.id)
  const origin = chat.attempts.find(({ id }) => id === attempt?.from?.attempt)
  const nameOf = (id: string) => t('attempt', { number: chat.attempts.findIndex((one) => one.id === id) + 1 })
  const branchAt = turnsOf(origin?.messages ?? []).findIndex(({ id }) => id === attempt?.from?.message)
  const edited = attempt?.from && shown && turns.indexOf(shown) >= branchAt ? attempt.from.edited : {}

  return (
    <div className={styles.simulator}>
      <ChatHead
        place={place}
        onPlace={setPlace}
        switches={[
          { key: 'steps', icon: 'step', on: isStepping, onSwitch: () => setStepping(!isStepping) },
          { key: 'variables', icon: 'braces', on: withVariables, onSwitch: () => setWithVariables(!withVariables) },
        ]}
        onKeep={attempt && turns.length > 1 && !waiting ? () => setKeeping(true) : null}
        onRestart={() => void restart()}
      />
      {chat.attempts.length > 1 && attempt && (
        <div className={styles.attempts}>
          <div role="toolbar" aria-label={t('attempts')}>
            {chat.attempts.map(({ id }) => (
              <button
                key={id}
                type="button"
                aria-pressed={id === attempt.id}
                onClick={() => {
                  setAgain(null)
                  setComparing(false)
                  changeChat(place, { current: id, picked: null })
                }}
              >
                {nameOf(id)}
              </button>
            ))}
          </div>
          {origin && (
            <Button
              size="small"
              variant="plain"
              icon="compare"
              aria-pressed={isComparing}
              onClick={() => setComparing(!isComparing)}
            >
              {t('compare.with', { name: nameOf(origin.id) })}
            </Button>
          )}
        </div>
      )}
      {attempt && (!attempt.hasModel || attempt.modelStale) && (
        <div className={styles.banner}>
          <Notice
            tone="warn"
            action={
              <Button size="small" busy={busy} onClick={runNow}>
                {t('run')}
              </Button>
            }
          >
            {t(attempt.hasModel ? 'model-stale' : 'no-model')}
          </Notice>
        </div>
      )}
      {attempt && isOutdated(attempt, document) && (
        <div className={styles.banner}>
          <Notice
            action={
              <Button size="small" onClick={() => void restart()}>
                {t('outdated.restart')}
              </Button>
            }
          >
            {t('outdated')}
          </Notice>
        </div>
      )}
      <div className={styles.body}>
        {isComparing && attempt && origin ? (
          <CompareView
            before={origin}
            after={attempt}
            names={{ before: nameOf(origin.id), after: nameOf(attempt.id) }}
          />
        ) : (
          <ol className={styles.messages} aria-live="polite" aria-label={t('messages')}>
            {messages.map((message, index) => (
              <li
                key={message.id}
                data-role={message.role}
                data-shown={(chat.picked !== null && shown && isIn(shown, message.id)) || undefined}
              >
                <MessageView
                  message={message}
                  live={!waiting && index === messages.length - 1}
                  open={chat.picked === message.id}
                  onPick={() => {
                    if (message.role === 'bot') markDone(bot, 'why')
                    pick(message.id)
                  }}
                  onRerun={waiting ? null : () => setAgain({ message: message.id, variable: null })}
                  onChoose={(choice, words) => void send(words, choice)}
                  onFile={(file) => void send(file.name, undefined, file)}
                  conversation={attempt?.id ?? ''}
                />
                {again?.message === message.id && beforeAgain.data && (
                  <RerunBox
                    key={`${message.id}/${again.variable}`}
                    message={message}
                    before={beforeAgain.data.variables}
                    focus={again.variable}
                    onSend={async ({ text, variables }) => {
                      await draft.flush().catch(() => {})
                      const words = choiceOf(message) && text === message.text ? {} : { text }
                      await rerun(place, { message: message.id, variables, ...words })
                      setAgain(null)
                    }}
                    onClose={() => setAgain(null)}
                  />
                )}
                {chat.picked === message.id && message.role === 'bot' && why.data && attempt && settled && (
                  <WhyTrace
                    trace={why.data}
                    conversation={attempt.id}
                    message={settled.id}
                    nodes={document.nodes}
                    effects={t('why.handoff')}
                    onStep={(node) => {
                      select([node])
                      void flyTo(node)
                    }}
                  />
                )}
                {chat.picked === message.id && why.error && <ErrorNotice error={why.error} />}
              </li>
            ))}
            {waiting && (
              <li data-role="bot">
                <span className={styles.typing} role="status" aria-label={t('typing')}>
                  <i />
                  <i />
                  <i />
                </span>
              </li>
            )}
            {(chat.error ?? attempt?.error) != null && (
              <li>
                <ErrorNotice
                  error={chat.error ?? attempt?.error}
                  onRetry={attempt ? undefined : () => void restartChat(place)}
                />
              </li>
            )}
            <li ref={end} aria-hidden="true" />
          </ol>
        )}
        {withVariables && !again && (
          <VariablesPanel
            trace={why.data}
            past={shown !== lastTurn}
            edited={edited}
            onEdit={
              shown?.user && !waiting && !isComparing ? (variable) => setAgain({ message: shown.id, variable }) : null
            }
          />
        )}
      </div>
      {isStepping && why.data && !isComparing && <StepBar trace={why.data} at={at} onAt={setAt} />}
      <form className={styles.form} onSubmit={submit}>
        <input
          ref={input}
          className="bl-input"
          value={chat.text}
          placeholder={t('placeholder')}
          aria-label={t('placeholder')}
          maxLength={2000}
          disabled={!attempt}
          onChange={(event) => changeChat(place, { text: event.target.value })}
        />
        <button
          type="submit"
          className="bl-button bl-button--primary bl-button--icon"
          aria-label={t('send')}
          title={t('send')}
          disabled={!attempt || chat.text.trim() === ''}
        >
          <Icon name="send" />
        </button>
      </form>
      {isKeeping && attempt && <KeepTest bot={bot} attempt={attempt} onClose={() => setKeeping(false)} />}
    </div>
  )
}

function isIn({ user, replies }: Turn, message: string | null): boolean {
  return user?.id === message || replies.some(({ id }) => id === message)
}
