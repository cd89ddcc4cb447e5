import type { ErrorText } from '#kit'

type Locale = 'zh-CN' | 'en'

/** The studio's look without the studio: what stands here must be read by people who are not signed in. */
const frame = (locale: Locale, title: string, head: string, body: string): string => `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/favicon.svg">
${head}
<title>${title} · Botloom</title>
<style>
:root { --ground: #f6f5f1; --card: #fffefb; --ink: #1f2028; --soft: #55565f; --line: #e2dfd6; --accent: #3a4bb0; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :root { --ground: #131419; --card: #1a1b21; --ink: #ecebe6; --soft: #b3b3bb; --line: #30313b; --accent: #9aa8ff } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--ground); color: var(--ink);
  font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif }
main { box-sizing: border-box; width: min(480px, calc(100vw - 32px)); padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px }
img { display: block; margin-bottom: 20px }
h1 { margin: 0 0 8px; font-size: 20px; line-height: 1.4 }
p { margin: 0; color: var(--soft) }
a { color: var(--accent) }
</style>
</head>
<body><main><img src="/favicon.svg" width="44" height="44" alt="">${body}</main></body>
</html>
`

/** Goes on to an address of ours, which the caller has checked to hold nothing but letters, digits and `/._-`. */
export function signedInPage(next: string, locale: Locale): string {
  const [title, words] =
    locale === 'zh-CN'
      ? ['已登录', '正在打开工作室……没有跳转就点<a href="%">这里</a>。']
      : ['Signed in', 'Opening the studio … <a href="%">Go there yourself</a> if nothing happens.']
  return frame(
    locale,
    title,
    `<meta http-equiv="refresh" content="0; url=${next}">`,
    `<h1>${title}</h1><p>${words.replace('%', next)}</p>`,
  )
}

/** Says in words of the catalogue why a link did not sign in. */
export function refusedPage({ message, remedy }: ErrorText, locale: Locale): string {
  const title = locale === 'zh-CN' ? '没有登录' : 'Not signed in'
  return frame(locale, title, '', `<h1>${message}</h1><p>${remedy}</p>`)
}
