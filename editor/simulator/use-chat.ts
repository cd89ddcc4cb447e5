import { useCallback, useEffect, useRef, useState } from 'react'
import { api, streams } from '#editor/app/api.ts'
import { readEventStream } from '#editor/app/event-stream.ts'
import type { Message, TryAnswer } from '#server/api/dto.ts'

export interface Chat {
  started: TryAnswer | null
  messages: Message[]
  /** The bot is working on an answer. */
  waiting: boolean
  error: unknown
  say: (text: string, choice?: { block: string; value: string }) => Promise<void>
  restart: () => void
}

/** A chat with the draft, through the same doors as any visitor's. */
export function useChat(bot: string, language: string): Chat {
  const [round, setRound] = useState(0)
  const [started, setStarted] = useState<TryAnswer | null>(null)
  const [messages, setMessages] = useState<Message[]>([])
  const [waiting, setWaiting] = useState(true)
  const [error, setError] = useState<unknown>(null)
  const stream = useRef<AbortController | null>(null)

  const add = useCallback((more: Message[]) => {
    setMessages((before) => {
      const known = new Set(before.map((message) => message.id))
      const next = [...before, ...more.filter((message) => !known.has(message.id))]
      return next.sort((a, b) => a.seq - b.seq)
    })
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a restart begins the chat anew
  useEffect(() => {
    let gone = false
    setStarted(null)
    setMessages([])
    setError(null)
    setWaiting(true)
    api
      .startTry(bot, language)
      .then((answer) => {
        if (gone) return
        setStarted(answer)
        add(answer.messages)
      })
      .catch((thrown) => !gone && setError(thrown))
      .finally(() => !gone && setWaiting(false))
    return () => {
      gone = true
      stream.current?.abort()
      stream.current = null
    }
  }, [bot, language, round])

  const listen = (chat: TryAnswer) => {
    if (stream.current) return
    const controller = new AbortController()
    stream.current = controller
    void readEventStream({
      url: streams.conversation(chat.conversationId),
      token: chat.token,
      signal: controller.signal,
      onEvent: (data) => {
        const message = readMessage(data)
        if (!message) return
        add([message])
        setWaiting(false)
      },
    })
  }

  const say = async (text: string, choice?: { block: string; value: string }) => {
    if (!started) return
    const id = crypto.randomUUID()
    const own: Message = {
      id,
      seq: (messages.at(-1)?.seq ?? 0) + 0.5,
      role: 'user',
      parts: [{ type: 'text', text }],
      text,
      language,
      at: new Date().toISOString(),
    }
    setMessages((before) => [...before, own])
    setWaiting(true)
    setError(null)
    try {
      const answer = await api.say(started.conversationId, started.token, choice ? { id, choice } : { id, text })
      add(answer.messages)
      if (answer.pending) listen(started)
      else setWaiting(false)
    } catch (thrown) {
      setError(thrown)
      setWaiting(false)
    }
  }

  return { started, messages, waiting, error, say, restart: () => setRound((now) => now + 1) }
}

function readMessage(data: string): Message | null {
  const parsed: unknown = JSON.parse(data)
  if (parsed === null || typeof parsed !== 'object') return null
  const message = 'message' in parsed ? parsed.message : parsed
  return message !== null && typeof message === 'object' && 'parts' in message ? (message as Message) : null
}
