import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Product, startProduct } from './product.ts'

/**
 * The product on its second day: the sample bot is trained and published. The first day takes a minute of both processors, so it is
 * lived once a test run and language, and copied for each test file. Who tests the first day itself takes `startProduct`.
 */
export async function startPreparedProduct({ env = {} }: { env?: Record<string, string> } = {}): Promise<Product> {
  const prepared = await preparedFolder(env.LANG?.startsWith('zh') ? 'zh_CN.UTF-8' : 'en_US.UTF-8')
  const dataFolder = await mkdtemp(join(tmpdir(), 'botloom-product-'))
  await cp(prepared, dataFolder, { recursive: true })
  const product = await startProduct({ dataFolder, env })
  return {
    ...product,
    async stop() {
      await product.stop()
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

/** Test files run side by side: one makes the folder, the others wait. */
async function preparedFolder(locale: string): Promise<string> {
  const run = process.env.BOTLOOM_TEST_RUN
  if (!run) throw new Error('tests/drivers/prepare-run.ts has not run')
  const folder = join(run, locale)
  try {
    await mkdir(`${folder}.taken`)
  } catch {
    for (const end = Date.now() + 280_000; !existsSync(folder) && Date.now() < end; ) await setTimeout(200)
    if (!existsSync(folder)) throw new Error('the product was not prepared in time')
    return folder
  }
  const dataFolder = `${folder}.making`
  const product = await startProduct({ dataFolder, deadline: 280_000, env: { LANG: locale } })
  await product.stop()
  await rename(dataFolder, folder)
  return folder
}
