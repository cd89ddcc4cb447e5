import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { stateOf } from '../tests/test-state.ts'
import { useRunTests } from '../tests/use-run-tests.ts'
import { ErrorNotice, Notice } from '../ui/notice.tsx'
import styles from './publish.module.css'

/** How the bot's tests stand with what would be published; those that were not run with it yet are run. */
export function TestsFact({ bot }: { bot: string }) {
  const { t } = useTranslation('publish')
  const tests = useQuery({ queryKey: keys.tests(bot), queryFn: () => api.tests(bot), staleTime: 0 })
  const { run, progress } = useRunTests(bot)
  const [error, setError] = useState<unknown>(null)
  const asked = useRef(false)
  const { data, isFetching } = tests
  useEffect(() => {
    if (!data || isFetching || asked.current) return
    asked.current = true
    const old = data.filter(({ fresh }) => !fresh).map(({ id }) => id)
    if (old.length > 0) run(old).catch(setError)
  }, [data, isFetching, run])

  if (error !== null) return <ErrorNotice error={error} />
  if (!data || isFetching || progress)
    return (
      <p className={styles.testing} role="status">
        <span className="bl-spinner" aria-hidden="true" />
        {progress ? t('tests.running', progress) : t('tests.looking')}
      </p>
    )
  if (data.length === 0) return <>{t('tests.none')}</>
  const failed = data.filter((test) => stateOf(test) === 'failed').length
  const passed = data.filter((test) => stateOf(test) === 'passed').length
  if (failed === 0) return <>{t('tests.passed', { count: passed, all: data.length })}</>
  return (
    <Notice
      tone="warn"
      action={
        <Link className="bl-button bl-button--quiet bl-button--small" to={`/bots/${bot}/tests?show=failing`}>
          {t('tests.see')}
        </Link>
      }
    >
      {t('tests.failed', { count: failed, all: data.length })}
    </Notice>
  )
}
