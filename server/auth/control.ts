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
  return (await order(dataFolder, 'link', z.object({ link: z.string() })))?.link ?? null
}

/** Has the server count all conversations anew; their number, null when none answers. For `botloom insights rebuild`. */
export async function askToCount(dataFolder: string): Promise<number | null> {
  return (await order(dataFolder, 'insights', z.object({ conversations: z.number() })))?.conversations ?? null
}

async function order<T>(dataFolder: string, what: string, answer: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(file(dataFolder), 'utf8').catch(() => null)
  if (text === null) return null
  const server = running.safeParse(JSON.parse(text))
  if (!server.success) return null
  try {
    const response = await fetch(`${server.data.url}/control/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.data.token}` },
    })
    return response.ok ? answer.parse(await response.json()) : null
  } catch {
    return null
  }
}
