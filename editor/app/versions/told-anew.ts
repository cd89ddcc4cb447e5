import { keys, queryClient } from '../query.ts'

/** Versions went somewhere else: all that tells of it is read again. */
export async function toldAnew(bot: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: keys.versions(bot) }),
    queryClient.invalidateQueries({ queryKey: keys.bots }),
    queryClient.invalidateQueries({ queryKey: keys.publishPreview(bot) }),
  ])
}
