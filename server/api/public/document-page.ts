import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { ApiDocument, ApiOperation, DocLanguage } from './openapi-document.ts'

const texts = {
  'zh-CN': {
    other: 'English',
    otherCode: 'en',
    machine: '供程序读取：openapi.json',
    open: '无需凭证',
    visitor: '访客令牌',
    key: 'API 密钥',
    or: ' 或 ',
    parameters: '参数',
    request: '请求示例',
    answer: '答复',
    refused: '可能的拒绝',
    contents: '目录',
    required: '必填',
  },
  en: {
    other: '简体中文',
    otherCode: 'zh-CN',
    machine: 'For programs: openapi.json',
    open: 'open',
    visitor: 'visitor token',
    key: 'API key',
    or: ' or ',
    parameters: 'Parameters',
    request: 'Example request',
    answer: 'Answer',
    refused: 'May be refused with',
    contents: 'Contents',
    required: 'required',
  },
}

const style = `
:root{color-scheme:light dark;--bg:#fff;--soft:#f5f6f8;--text:#1c2230;--quiet:#586074;--line:#dfe3ea;--accent:#2b5fd9}
@media (prefers-color-scheme:dark){:root{--bg:#14171d;--soft:#1c2028;--text:#e8ebf1;--quiet:#a3abbb;--line:#2e3440;--accent:#8fb3ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei",sans-serif}
a{color:var(--accent)}
.all{display:grid;grid-template-columns:260px minmax(0,1fr);max-width:1180px;margin:0 auto}
nav{position:sticky;top:0;align-self:start;max-height:100vh;overflow:auto;padding:32px 20px;font-size:14px}
nav ul{margin:0 0 16px;padding:0;list-style:none}
nav a{display:block;padding:3px 0;color:var(--quiet);text-decoration:none}
nav a:hover,nav a:focus-visible{color:var(--accent);text-decoration:underline}
main{padding:32px 28px 96px;min-width:0}
h1{margin:0;font-size:30px}
h2{margin:48px 0 8px;font-size:22px}
article{margin:16px 0;padding:20px;border:1px solid var(--line);border-radius:12px}
h3{margin:0 0 4px;font-size:16px}
.path{margin:0;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px;overflow-wrap:anywhere}
.method{font-weight:700;color:var(--accent)}
.doors,.quiet{color:var(--quiet);font-size:14px}
p{margin:6px 0}
pre{margin:6px 0 0;padding:12px 14px;overflow:auto;border-radius:8px;background:var(--soft);font:13px/1.5 ui-monospace,Menlo,Consolas,monospace}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px}
details{margin-top:10px}
summary{cursor:pointer;font-weight:600}
dl{margin:6px 0 0;display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}
dd{margin:0}
.top{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:8px}
.about{white-space:pre-line}
@media (max-width:760px){.all{grid-template-columns:1fr}nav{position:static;max-height:none;padding:20px 20px 0}main{padding:16px 16px 64px}dl{grid-template-columns:1fr}}
`

/** The page runs no script and loads nothing: its one style is named by its hash. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The document as a page to read: no script, no other files, light and dark, narrow and wide. */
export function documentPage(document: ApiDocument, language: DocLanguage) {
  const t = texts[language]
  const parts = document.tags.map(({ name, description }) => ({
    name,
    description,
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => operation.tags.includes(name))
        .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
    ),
  }))
  const key = String((document.components.securitySchemes.apiKey as { description?: string }).description ?? '')
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.info.title}</title>
<style>${raw(style)}</style>
</head>
<body>
<div class="all">
<nav aria-label="${t.contents}">
${parts.map(
  (part) => html`<strong>${part.description}</strong>
<ul>${part.operations.map(({ operation }) => html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`)}</ul>`,
)}
</nav>
<main>
<h1>${document.info.title}</h1>
<p>${document.info.description}</p>
<p class="about quiet">${key.replaceAll('`', '')}</p>
<p class="top"><a href="/v1/openapi.json?lang=${language}">${t.machine}</a><a href="/v1/docs?lang=${t.otherCode}" lang="${t.otherCode}">${t.other}</a></p>
${parts.map(
  (part) => html`<section><h2>${part.description}</h2>
${part.operations.map(({ path, method, operation }) => card(path, method, operation))}
</section>`,
)}
</main>
</div>
</body>
</html>`

  function card(path: string, method: string, operation: ApiOperation) {
    const request = operation.requestBody?.content['application/json']?.example
    const fine = Object.entries(operation.responses).filter(([status]) => Number(status) < 300)
    const refused = Object.keys(operation.responses).filter((status) => Number(status) >= 300)
    const parameters = operation.parameters ?? []
    return html`<article id="${operation.operationId}">
<h3>${operation.summary}</h3>
<p class="path"><span class="method">${method}</span> /v1${path}</p>
<p class="doors">${doors(operation)}</p>
${
  parameters.length === 0
    ? ''
    : html`<details><summary>${t.parameters}</summary><dl>${parameters.map(
        (one) =>
          html`<dt><code>${one.name}</code>${one.required ? html` <span class="quiet">${t.required}</span>` : ''}</dt><dd>${one.description ?? ''}</dd>`,
      )}</dl></details>`
}
${request === undefined ? '' : html`<details open><summary>${t.request}</summary>${code(request)}</details>`}
${fine.map(
  ([status, answer]) =>
    html`<details><summary>${t.answer} ${status}</summary>${Object.entries(answer.content ?? {}).map(
      ([media, { example }]) => html`<p class="quiet">${media}</p>${code(example)}`,
    )}</details>`,
)}
<p class="quiet">${t.refused} ${refused.join(', ')}</p>
</article>`
  }

  function code(example: unknown) {
    // Long ones are scrolled: by the keyboard, too.
    return html`<pre tabindex="0">${typeof example === 'string' ? example : JSON.stringify(example, null, 2)}</pre>`
  }

  function doors({ security }: ApiOperation): string {
    if (security.length === 0) return t.open
    return security.map((door) => (door.apiKey ? `${t.key} (${door.apiKey.join(', ')})` : t.visitor)).join(t.or)
  }
}
