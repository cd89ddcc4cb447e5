import { expect as impatient, type Page } from '@playwright/test'
import { fillAllowedSites } from './studio-pages.ts'

/** Outside of a test run there is no configuration that says how slow a machine may be. */
const expect = impatient.configure({ timeout: 60_000 })

/** Where the studio's pages are: the product's address, and the path of a bot, `/bots/bot_…`. */
export interface Studio {
  url: string
  bot: string
}

/** A page or a dialog of the studio in a state that can be looked at. */
export interface StudioView {
  name: string
  /** Pixels, where the page is looked at as far down as that. */
  height?: number
  open: (page: Page, studio: Studio) => Promise<void>
}

/** Every page and dialog that there is: axe walks them, and screenshots are made of them. To add one: a line here. */
export const studioViews: readonly StudioView[] = [
  { name: 'home', open: (page, studio) => show(page, studio, '/', 'main li a') },
  { name: 'new bot', open: (page, studio) => show(page, studio, '/new', 'dialog[open] input[type="radio"]') },
  { name: 'canvas', open: (page, studio) => show(page, studio, `${studio.bot}/canvas`, '.react-flow__edge') },
  {
    name: 'canvas with inspector',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/canvas?side=block&block=understand`, '.react-flow__edge')
      await expect(page.locator('.bl-inspector textarea').first()).toBeVisible()
    },
  },
  {
    name: 'canvas with a training, explained',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/canvas?side=block&block=learn`, '.bl-inspector__head')
      await page.locator('.bl-inspector__head button').first().click()
      await expect(page.locator('#bl-block-help')).toBeVisible()
      await page.locator('.bl-insp-fold').last().click()
    },
  },
  {
    name: 'canvas with simulator and why',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/canvas?side=try`, '.react-flow__edge')
      const why = page.locator('ol[aria-live] button[aria-expanded]')
      await expect(why).not.toHaveCount(0)
      await expect(page.locator('form input')).toBeEnabled()
      const known = await why.count()
      const english = (await page.locator('html').getAttribute('lang')) === 'en'
      await page.locator('form input').fill(english ? 'my parcel is still not here' : '我的快递怎么还没到')
      await page.keyboard.press('Enter')
      await expect(why).not.toHaveCount(known)
      await why.nth(known).click()
      await expect(page.locator('ol[aria-live] section')).toContainText('%')
      await expect(page.locator('ol[aria-live] mark').first()).toBeVisible()
    },
  },
  {
    name: 'canvas with run',
    open: (page, studio) => show(page, studio, `${studio.bot}/canvas?drawer=run`, '#drawer tbody tr'),
  },
  {
    name: 'canvas with variables',
    open: (page, studio) => show(page, studio, `${studio.bot}/canvas?drawer=variables`, '#drawer input'),
  },
  {
    name: 'canvas, searched',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/canvas`, '.react-flow__edge')
      await page.keyboard.press('Control+f')
      await page.locator('.bl-find input').fill('order')
      await expect(page.locator('.bl-find [role="option"]').first()).toBeVisible()
    },
  },
  {
    name: 'what a run would do',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/canvas`, '.react-flow__edge')
      await page.locator('header [aria-haspopup="dialog"]').first().click()
      await expect(page.locator('header [role="dialog"] li').first()).toBeVisible()
    },
  },
  {
    name: 'all commands',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/reports`, reportLink)
      await page.keyboard.press('Control+k')
      await expect(page.locator('[role="option"]').first()).toBeVisible()
    },
  },
  { name: 'all shortcuts', open: (page, studio) => show(page, studio, '/?shortcuts=1', 'dialog[open] kbd') },
  { name: 'data', open: (page, studio) => show(page, studio, `${studio.bot}/data`, 'main tbody tr') },
  {
    name: 'add questions',
    open: (page, studio) => show(page, studio, `${studio.bot}/data?add=1`, 'dialog[open] textarea'),
  },
  {
    name: 'data, checked',
    open: (page, studio) => show(page, studio, `${studio.bot}/data?check=1`, 'main section h3, main .bl-notice--ok'),
  },
  { name: 'reports', open: (page, studio) => show(page, studio, `${studio.bot}/reports`, reportLink) },
  {
    name: 'report',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/reports`, reportLink)
      await page.locator(reportLink).first().click()
      await expect(page.locator('main table').first()).toBeVisible()
    },
  },
  { name: 'tests', open: (page, studio) => show(page, studio, `${studio.bot}/tests`, 'main ol li') },
  { name: 'versions', open: (page, studio) => show(page, studio, `${studio.bot}/versions`, 'main li, main tbody tr') },
  {
    name: 'publish',
    open: (page, studio) => show(page, studio, `${studio.bot}/versions?publish=1`, 'dialog[open] dd, dialog[open] dl'),
  },
  {
    name: 'allowed sites',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/versions?embed=1`, 'dialog[open] textarea')
      await fillAllowedSites(page)
    },
  },
  {
    name: 'chats',
    open: async (page, studio) => {
      await askForPerson(page, studio)
      await show(page, studio, '/chats?status=all', '[data-chat]')
      await page.locator('[data-chat]').first().click()
      await expect(page.getByRole('log')).toBeVisible()
    },
  },
  {
    name: 'insights',
    height: 2100,
    open: async (page, studio) => {
      await askForPerson(page, studio)
      await show(page, studio, `${studio.bot}/insights`, '.react-flow__edge')
      await expect(page.locator('figure canvas')).toBeVisible()
    },
  },
  {
    name: 'unanswered',
    open: (page, studio) => show(page, studio, `${studio.bot}/unanswered`, '.bl-empty, section h3'),
  },
  { name: 'not found', open: (page, studio) => show(page, studio, '/nothing-here', 'main h1') },
]

/** Pages that need a bot of which something was changed and run again; see `changeAndRun`. */
export const comparedViews: readonly StudioView[] = [
  {
    name: 'canvas, stale',
    open: (page, studio) => show(page, studio, `${studio.bot}/canvas`, '.bl-block__foot--stale'),
  },
  {
    name: 'report, rows of a cell',
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/reports`, reportLink)
      await page.locator(reportLink).first().click()
      await page.locator('main table td button').first().click()
      await expect(page.locator('dialog[open] li, [role="dialog"] li').first()).toBeVisible()
    },
  },
  {
    name: 'report of a search, whole',
    height: 4200,
    open: async (page, studio) => {
      await show(page, studio, `${studio.bot}/reports`, reportLink)
      await page.locator(reportLink).first().click()
      await expect(page.locator('main table').first()).toBeVisible()
      await expect(page.locator('.bl-skeleton')).toHaveCount(0)
    },
  },
  {
    name: 'runs compared',
    open: async (page, studio) => {
      const runs = await page.request.get(`${studio.url}/api${studio.bot}/runs`)
      const [latest, first] = (await runs.json()) as { id: string }[]
      const path = `${studio.bot}/reports/compare?runs=${first?.id},${latest?.id}`
      await show(page, studio, path, 'main table')
    },
  },
  {
    name: 'version and draft compared',
    open: (page, studio) => show(page, studio, `${studio.bot}/versions/1..draft`, '.react-flow__edge'),
  },
]

/** Trains the sample bot once more with other settings, and leaves it with changes that no run knows yet. */
export async function changeAndRun(page: Page, { url, bot }: Studio): Promise<void> {
  const { csrf } = (await (await page.request.get(`${url}/api/me`)).json()) as { csrf: string }
  const post = async (path: string, data: unknown) => {
    const answer = await page.request.post(`${url}/api${bot}${path}`, {
      data,
      headers: { 'x-botloom-csrf': csrf, origin: url },
    })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return answer.json()
  }
  const change = async (id: string, updated: object) => {
    const draft = (await (await page.request.get(`${url}/api${bot}/draft`)).json()) as { revision: number }
    await post('/draft/diffs', { base: draft.revision, diffs: [{ id, added: {}, removed: {}, updated }] })
  }
  await change('dif_search', {
    'nodes/learn': { '/config/method': ['head', 'search'], '/config/minutes': [10, 4] },
  })
  const run = (await post('/runs', {})) as { id: string }
  const status = async () => (await (await page.request.get(`${url}/api${bot}/runs/${run.id}`)).json()).status
  await expect.poll(status, { timeout: 600_000 }).toBe('done')
  await change('dif_reply', {
    'nodes/hello-friendly': { '/name': ['Friendly hello', 'A warm welcome'] },
    'nodes/learn': { '/config/minutes': [4, 5] },
  })
}

/** A visitor of the shop asks for a person, once a product: the desk has something to do. */
async function askForPerson(page: Page, { url, bot }: Studio): Promise<void> {
  const held = (await (await page.request.get(`${url}/api/inbox/chats`)).json()) as { chats: unknown[] }
  if (held.chats.length > 0) return
  const english = (await page.locator('html').getAttribute('lang')) === 'en'
  const { slug } = (await (await page.request.get(`${url}/api${bot}`)).json()) as { slug: string }
  const post = async (path: string, data: unknown, token?: string) => {
    const headers = { origin: url, ...(token ? { authorization: `Bearer ${token}` } : {}) }
    const answer = await page.request.post(`${url}/v1${path}`, { data, headers })
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true)
    return (await answer.json()) as { conversationId: string; token: string }
  }
  const visitor = english ? { name: 'Maya Okafor', plan: 'Plus' } : { name: '王小雨', 会员等级: '金卡' }
  const { conversationId, token } = await post(`/bots/${slug}/conversations`, { visitor })
  const words = english ? ['my parcel is still not here', 'human'] : ['我的快递怎么还没到', '转人工']
  for (const [index, text] of words.entries())
    await post(`/conversations/${conversationId}/messages`, { id: `asked-${index}`, text }, token)
}

const reportLink = 'main a[href*="/reports/run_"]'

/** Opens a page and waits for the sign that it is there. */
export async function show(page: Page, { url }: Pick<Studio, 'url'>, path: string, sign: string): Promise<void> {
  await page.goto(`${url}${path}`)
  await expect(page.locator(sign).first()).toBeAttached()
  await expect(page.locator('.bl-skeleton')).toHaveCount(0)
  // The bar of a bot opens with its document.
  if (path.startsWith('/bots/')) await expect(page.locator('header button[aria-pressed]').first()).toBeEnabled()
}
