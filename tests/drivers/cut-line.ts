import { connect, createServer, type Socket } from 'node:net'

/** A line to a server that can be cut: a TCP proxy on this machine. */
export interface CutLine {
  port: number
  /** Connections that were made through it. */
  made: number
  /** Cuts every connection once this many bytes have come back through it; the next `times` ones too. */
  cutAfter(bytes: number, times: number): void
  stop(): Promise<void>
}

export async function cutLine(port: number): Promise<CutLine> {
  const open = new Set<Socket>()
  let limit = Number.POSITIVE_INFINITY
  let left = 0
  const line: CutLine = {
    port: 0,
    made: 0,
    cutAfter(bytes, times) {
      limit = bytes
      left = times
    },
    async stop() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer((socket) => {
    line.made++
    const there = connect(port, '127.0.0.1')
    let passed = 0
    for (const one of [socket, there]) {
      open.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(one)
        socket.destroy()
        there.destroy()
      })
    }
    socket.pipe(there)
    there.on('data', (chunk: Buffer) => {
      passed += chunk.length
      if (left > 0 && passed > limit) {
        left--
        // As a line that breaks, without a good-bye.
        socket.resetAndDestroy()
        there.destroy()
      } else if (!socket.write(chunk)) {
        there.pause()
        socket.once('drain', () => there.resume())
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  line.port = typeof address === 'object' && address ? address.port : 0
  return line
}
