import { BotloomError } from '#kit'
import { askForLink } from '#server/auth/control.ts'
import { parseConfig } from '#server/config.ts'

/** Prints a new single-use sign-in link of the server that runs on the data folder. Throws `config-invalid`, `not-running`. */
export async function linkCommand(): Promise<void> {
  const { dataFolder } = parseConfig(process.env)
  const link = await askForLink(dataFolder)
  if (!link) throw new BotloomError('not-running', { folder: dataFolder })
  console.log(link)
}
