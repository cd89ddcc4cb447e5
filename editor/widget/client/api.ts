import {
  ChatError,
  type ChatMessage,
  type Outgoing,
  type PageContext,
  type SentFile,
  type Started,
  type Turn,
} from './protocol.ts'

/** The calls of a chat. All reject with `ChatError`, or with the browser's own error when there is no network. */
export function createApi(server: string, language: string) {
  const base = `${server.replace(/\/$/, '')}/v1`

  async function call<T>(path: string, method: string, token: string, body?: unknown): Promise<T> {
    const response = await ask(path, method, token, body)
    // Nothing more to say: 204.
    return (response.status === 204 ? undefined : response.json()) as Promise<T>
  }

  async function ask(path: string, method: string, token: string, body?: unknown): Promise<Response> {
    const isForm = typeof FormData !== 'undefined' && body instanceof FormData
    const response = await fetch(base + path, {
      method,
      credentials: 'omit',
      headers: {
        'accept-language': language,
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : isForm ? body : JSON.stringify(body),
    })
    if (response.ok) return response
    const answer = await response.json().catch(() => ({}))
    throw new ChatError(response.status, answer, Number(response.headers.get('retry-after')) || 0)
  }

  return {
    start: (bot: string, given: { identity?: string; context?: PageContext; testKey?: string }): Promise<Started> =>
      call(`/bots/${encodeURIComponent(bot)}/conversations`, 'POST', '', { language, ...given }),
    identify: (conversation: string, token: string, identity: string): Promise<void> =>
      call(`/conversations/${conversation}/identity`, 'POST', token, { token: identity }),
    context: (conversation: string, token: string, context: PageContext): Promise<void> =>
      call(`/conversations/${conversation}/context`, 'POST', token, context),
    upload(conversation: string, token: string, file: File): Promise<SentFile> {
      const form = new FormData()
      form.append('file', file, file.name)
      return call(`/conversations/${conversation}/files`, 'POST', token, form)
    },
    file: async (conversation: string, token: string, file: string): Promise<Blob> =>
      (await ask(`/conversations/${conversation}/files/${encodeURIComponent(file)}`, 'GET', token)).blob(),
    token: (conversation: string, resume: string): Promise<{ token: string }> =>
      call(`/conversations/${conversation}/token`, 'POST', '', { resume }),
    history: (conversation: string, token: string): Promise<{ messages: ChatMessage[] }> =>
      call(`/conversations/${conversation}/messages`, 'GET', token),
    send: (conversation: string, token: string, message: Outgoing): Promise<Turn> =>
      call(`/conversations/${conversation}/messages`, 'POST', token, { ...message, blob: undefined }),
    /** The event stream after `last`; read with fetch, since EventSource cannot carry a token outside of the URL. */
    events: (conversation: string, token: string, last: number, signal: AbortSignal): Promise<Response> =>
      fetch(`${base}/conversations/${conversation}/events`, {
        credentials: 'omit',
        headers: { accept: 'text/event-stream', authorization: `Bearer ${token}`, 'last-event-id': String(last) },
        signal,
      }),
  }
}
