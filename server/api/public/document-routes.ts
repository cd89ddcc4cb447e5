import { type Context, type Env, Hono, type Schema } from 'hono'
import { localeOf } from '#server/observability/problem.ts'
import { documentPage, pagePolicy } from './document-page.ts'
import { type ApiDocument, type DocLanguage, toApiDocument } from './openapi-document.ts'

/** `/v1/openapi.json` and `/v1/docs`, both from the routes of `app`, in the reader's language or the one of `?lang=`. */
export function documentRoutes<E extends Env, S extends Schema, B extends string>(app: Hono<E, S, B>) {
  const made = new Map<DocLanguage, Promise<ApiDocument>>()
  const documentIn = (language: DocLanguage): Promise<ApiDocument> => {
    const known = made.get(language) ?? toApiDocument(app, language)
    made.set(language, known)
    return known
  }
  return new Hono()
    .get('/openapi.json', async (c) => c.json(await documentIn(languageOf(c))))
    .get('/docs', async (c) => {
      const language = languageOf(c)
      c.header('content-security-policy', pagePolicy)
      return c.html(documentPage(await documentIn(language), language))
    })
}

function languageOf(c: Context): DocLanguage {
  const asked = c.req.query('lang')
  if (asked === undefined) return localeOf(c)
  return asked.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
