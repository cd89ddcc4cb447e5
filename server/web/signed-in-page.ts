import type { ErrorText } from '#kit'

const frame = (head: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}
<title>Botloom</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0 }
main { max-width: 34rem; padding: 1.5rem }
</style>
</head>
<body><main>${body}</main></body>
</html>
`

/** Goes on to an address of ours, which the caller has checked to hold nothing but letters, digits and `/._-`. */
export function signedInPage(next: string): string {
  return frame(
    `<meta http-equiv="refresh" content="0; url=${next}">`,
    `<p>已登录，正在打开工作室…… · Signed in, opening the studio … <a href="${next}">→</a></p>`,
  )
}

/** Says in words of the catalogue why a link did not sign in. */
export function refusedPage({ message, remedy }: ErrorText): string {
  return frame('', `<h1>${message}</h1><p>${remedy}</p>`)
}
