import { BotloomError } from '#kit'
import { askToCount } from '#server/auth/control.ts'
import { parseConfig } from '#server/config.ts'

/** Has the server that runs on the data folder count every conversation anew. Throws `config-invalid`, `not-running`. */
export async function insightsCommand(locale: 'zh-CN' | 'en'): Promise<void> {
  const { dataFolder } = parseConfig(process.env)
  const counted = await askToCount(dataFolder)
  if (counted === null) throw new BotloomError('not-running', { folder: dataFolder })
  console.log(
    locale === 'zh-CN'
      ? `已重新统计 ${counted} 个会话。`
      : `Counted ${counted} conversation${counted === 1 ? '' : 's'} anew.`,
  )
}
