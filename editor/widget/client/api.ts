import { ChatError, type ChatMessage, type Outgoing, type Started, type Turn } from './protocol.ts'

/** The calls of a chat. All reject with `ChatError`, or with the browser's own error when there is no network. */
export function createApi(server: string, language: string) {
  const base = `${server.replace(/\/$/, '')}/v1`

  async function call<T>(path: string, method: string, token: string, body?: unknown): Promise<T> {
    const response = await fetch(base + path, {
      method,
      credentials: 'omit',
      headers: {
        'accept-language': language,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    if (response.ok) return response.json()
    const answer = await response.json().catch(() => ({}))
    throw new ChatError(response.status, answer, Number(response.headers.get('retry-after')) || 0)
  }

  return {
    start: (bot: string, testKey?: string): Promise<Started> =>
      call(`/bots/${encodeURIComponent(bot)}/conversations`, 'POST', '', { language, testKey }),
    token: (conversation: string, resume: string): Promise<{ token: string }> =>
      call(`/conversations/${conversation}/token`, 'POST', '', { resume }),
    history: (conversation: string, token: string): Promise<{ messages: ChatMessage[] }> =>
      call(`/conversations/${conversation}/messages`, 'GET', token),
    send: (conversation: string, token: string, message: Outgoing): Promise<Turn> =>
      call(`/conversations/${conversation}/messages`, 'POST', token, message),
    /** The event stream after `last`; read with fetch, since EventSource cannot carry a token outside of the URL. */
    events: (conversation: string, token: string, last: number, signal: AbortSignal): Promise<Response> =>
      fetch(`${base}/conversations/${conversation}/events`, {
        credentials: 'omit',
        headers: { accept: 'text/event-stream', authorization: `Bearer ${token}`, 'last-event-id': String(last) },
        signal,
      }),
  }
}
