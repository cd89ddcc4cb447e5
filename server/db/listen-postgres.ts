import pg from 'pg'

/** Milliseconds until a broken connection is opened again. */
const pause = 500

/**
 * Listens on a connection of its own, which is opened again for as long as nobody stops it. `missed` is called after
 * each reconnection: notifications of the time between are lost.
 */
export async function listenPostgres(
  url: string,
  channel: string,
  heard: (payload: string) => void,
  missed: () => void = () => {},
): Promise<() => Promise<void>> {
  let stopped = false
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const mine = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'botloom listener' })
    mine.on('notification', (message) => message.channel === channel && heard(message.payload ?? ''))
    // 'end' follows and opens the next one.
    mine.on('error', () => {})
    await mine.connect()
    await mine.query(`listen "${channel.replaceAll('"', '""')}"`)
    client = mine
    mine.once('end', reconnect)
  }
  function reconnect(): void {
    client = null
    if (stopped) return
    timer = setTimeout(() => connect().then(missed, reconnect), pause)
  }

  await connect()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await client?.end()
  }
}
