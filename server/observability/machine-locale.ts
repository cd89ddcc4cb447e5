/** The language of whoever sits at this machine, by its environment; an empty variable counts as unset. */
export function machineLocale(): 'zh-CN' | 'en' {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  const said = LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale
  return said.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
