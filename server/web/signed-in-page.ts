/** Goes on to an address of ours, which the caller has checked to hold nothing but letters, digits and `/._-`. */
export function signedInPage(next: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url=${next}">
<title>Botloom</title>
<style>body { font: 16px/1.6 system-ui, sans-serif; display: grid; place-items: center; height: 100vh; margin: 0 }</style>
</head>
<body><p>已登录，正在打开工作室…… · Signed in, opening the studio … <a href="${next}">→</a></p></body>
</html>
`
}
