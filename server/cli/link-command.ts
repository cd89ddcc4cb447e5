import { join, resolve } from 'node:path'
import { BotloomError } from '#kit'
import { projectRoot } from '#runtime/project-root.ts'
import { askForLink } from '#server/auth/control.ts'

/** Prints a new single-use sign-in link of the server that runs on the data folder. Throws `not-running`. */
export async function linkCommand(): Promise<void> {
  const folder = resolve(process.env.BOTLOOM_DATA ?? join(projectRoot, 'data'))
  const link = await askForLink(folder)
  if (!link) throw new BotloomError('not-running', { folder })
  console.log(link)
}
