/** What a process needs to run at all, to find its folders and models, and to trust whom the server trusts. */
const needed = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'LANG',
  'NODE_ENV',
  'HF_ENDPOINT',
  'NODE_EXTRA_CA_CERTS',
]

/** The environment of a process that the server forks: no secret of the server, nothing but what is needed and what is named. */
export function childEnvironment(more: readonly string[] = []): NodeJS.ProcessEnv {
  return Object.fromEntries(
    [...needed, ...more].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}
