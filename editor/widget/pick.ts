/** The words for a language: exactly its own, those of its base language, or whichever there are. */
export function pick(text: Record<string, string> | undefined, language: string): string {
  const base = (tag: string) => tag.toLowerCase().split('-')[0]
  const entries = Object.entries(text ?? {}).filter(([, words]) => words)
  return (
    (entries.find(([tag]) => tag === language) ??
      entries.find(([tag]) => base(tag) === base(language)) ??
      entries[0])?.[1] ?? ''
  )
}
