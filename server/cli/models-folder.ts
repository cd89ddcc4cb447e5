import { join } from 'node:path'

/** Where a command looks for language models, and keeps those of the hub. An empty variable counts as unset. */
export function modelsFolder(dataFolder: string): string {
  return process.env.BOTLOOM_MODELS || join(dataFolder, 'models')
}
