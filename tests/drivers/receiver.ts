import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Heard {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}
type Answer = { status: number; body?: string; headers?: Record<string, string> }

/** Another server, in this process, over real HTTP: it keeps what it is told and answers as the test wants. */
export async function openReceiver(
  answer: (heard: Heard, count: number) => Answer | Promise<Answer> = () => ({ status: 204 }),
) {
  const heard: Heard[] = []
  const waiting: { many: number; resolve: () => void }[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one: Heard = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }
    heard.push(one)
    const { status, body = '', headers = {} } = await receiver.answer(one, heard.length)
    response.writeHead(status, headers)
    response.end(body)
    for (const wait of waiting.splice(0))
      if (heard.length >= wait.many) wait.resolve()
      else waiting.push(wait)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver = {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    heard,
    answer,
    /** Resolves when that many requests were answered. */
    async until(many: number): Promise<void> {
      if (heard.length < many) await new Promise<void>((resolve) => waiting.push({ many, resolve }))
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return receiver
}
export type Receiver = Awaited<ReturnType<typeof openReceiver>>
