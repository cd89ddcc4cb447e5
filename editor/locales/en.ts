const files = import.meta.glob<Record<string, string>>(
  ['./en/*.json', '!./en/{channels,chats,doctor,insights,labelling,reports,settings,sources,unanswered,webhooks}.json'],
  {
    eager: true,
    import: 'default',
  },
)

/** Every namespace of the language but those that come with their page, by the name of its file. */
export const texts: Record<string, Record<string, string>> = Object.fromEntries(
  Object.entries(files).map(([path, bundle]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), bundle]),
)
