import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const running = z.object({ url: z.string(), token: z.string(), pid: z.number() })
export type Running = z.infer<typeof running>

const file = (dataFolder: string): string => join(dataFolder, 'server.json')

/** Tells the command line where the server is and by which token it takes orders; readable by the owner only. */
export async function announceServer(dataFolder: string, server: Running): Promise<() => Promise<void>> {
  await rm(file(dataFolder), { force: true })
  await writeFile(file(dataFolder), JSON.stringify(server), { mode: 0o600 })
  return () => rm(file(dataFolder), { force: true })
}

/** Asks the server that holds this data folder for a new sign-in link; null when none answers. For `botloom link`. */
export async function askForLink(dataFolder: string): Promise<string | null> {
  const text = await readFile(file(dataFolder), 'utf8').catch(() => null)
  if (text === null) return null
  const server = running.safeParse(JSON.parse(text))
  if (!server.success) return null
  try {
    const response = await fetch(`${server.data.url}/control/link`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.data.token}` },
    })
    return response.ok ? z.object({ link: z.string() }).parse(await response.json()).link : null
  } catch {
    return null
  }
}
