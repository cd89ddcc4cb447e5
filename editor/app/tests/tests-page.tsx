import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import type { ChatTest, ChatTestView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { showError, showToast } from '../ui/toast.tsx'
import { useSearch } from '../use-search.ts'
import { EditTest } from './edit-test.tsx'
import { TestRow } from './test-row.tsx'
import { stateOf } from './test-state.ts'
import styles from './tests.module.css'
import { useRunTests } from './use-run-tests.ts'

/** Conversations that are to go on well, how they stand with the draft, and what to do about those that do not. */
export function TestsPage() {
  const { t } = useTranslation('tests')
  const { bot = '' } = useParams()
  const [search, changeSearch] = useSearch()
  const tests = useQuery({
    queryKey: keys.tests(bot),
    queryFn: () => api.tests(bot),
    refetchOnMount: 'always',
  })
  const { run, stop, progress } = useRunTests(bot)
  const [running, setRunning] = useState<readonly string[]>([])
  const [edited, setEdited] = useState<ChatTestView | null>(null)
  useEffect(() => setPageTitle(t('title')), [t])

  const list = tests.data ?? []
  const onlyFailing = search.get('show') === 'failing'
  const failing = list.filter((test) => stateOf(test) === 'failed')
  const shown = onlyFailing ? failing : list
  const set = (key: string, value: string | null) => changeSearch({ [key]: value }, { replace: true })
  const runThese = async (ids: readonly string[]) => {
    setRunning(ids)
    try {
      await run(ids)
    } catch (error) {
      showError(error)
    } finally {
      setRunning([])
    }
  }
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.tests(bot) })
  /** Writes a test and runs it at once; the way back is a click. */
  const change = async (before: ChatTestView, after: ChatTest, words: string) => {
    await api.putTest(bot, before.id, after)
    await refresh()
    showToast(words, { label: t('undo'), perform: () => void putBack(before) })
    await runThese([before.id])
  }
  const putBack = async (test: ChatTestView) => {
    try {
      await api.putTest(bot, test.id, test)
      await refresh()
      await runThese([test.id])
    } catch (error) {
      showError(error)
    }
  }
  const remove = async (test: ChatTestView) => {
    try {
      await api.deleteTest(bot, test.id)
      await refresh()
      showToast(t('deleted', { name: test.name }), { label: t('undo'), perform: () => void putBack(test) })
    } catch (error) {
      showError(error)
    }
  }

  return (
    <div className={page.page}>
      <header className={page.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
        {list.length > 0 &&
          (progress && progress.all > 1 ? (
            <Button icon="stop" onClick={stop}>
              {t('running', progress)}
            </Button>
          ) : (
            <Button
              variant="primary"
              icon="play"
              busy={progress !== null}
              onClick={() => void runThese(list.map(({ id }) => id))}
            >
              {t('run.all')}
            </Button>
          ))}
      </header>
      {tests.error && <ErrorNotice error={tests.error} onRetry={() => tests.refetch()} />}
      {tests.isPending && <div className="bl-skeleton" style={{ height: 280 }} />}
      {tests.data && list.length === 0 && (
        <div className="bl-empty">
          <p>{t('empty')}</p>
          <Link className="bl-button bl-button--primary" to={`/bots/${bot}/canvas?side=try`}>
            {t('empty.try')}
          </Link>
        </div>
      )}
      {list.length > 0 && (
        <>
          <Standing tests={list} />
          <div className={styles.filters} role="toolbar" aria-label={t('show')}>
            <button type="button" aria-pressed={!onlyFailing} onClick={() => set('show', null)}>
              {t('show.all', { count: list.length })}
            </button>
            <button type="button" aria-pressed={onlyFailing} onClick={() => set('show', 'failing')}>
              {t('show.failing', { count: failing.length })}
            </button>
          </div>
          {shown.length === 0 && <p className={styles.none}>{t('show.none')}</p>}
          {shown.length > 0 && (
            <ol className={styles.list} aria-label={t('title')}>
              {shown.map((test) => (
                <TestRow
                  key={test.id}
                  bot={bot}
                  test={test}
                  open={search.get('test') === test.id}
                  busy={running.includes(test.id)}
                  onOpen={() => set('test', search.get('test') === test.id ? null : test.id)}
                  onRun={() => void runThese([test.id])}
                  onChange={(after) => change(test, after, t('accepted'))}
                  onEdit={() => setEdited(test)}
                  onDelete={() => void remove(test)}
                />
              ))}
            </ol>
          )}
        </>
      )}
      {edited && (
        <EditTest
          test={edited}
          onSave={(after) => change(edited, after, t('saved', { name: after.name }))}
          onClose={() => setEdited(null)}
        />
      )}
    </div>
  )
}

/** Passed, failed and not run as one bar, with the figures in words. */
function Standing({ tests }: { tests: readonly ChatTestView[] }) {
  const { t } = useTranslation('tests')
  const count = { passed: 0, failed: 0, old: 0, new: 0 }
  for (const test of tests) count[stateOf(test)]++
  const notRun = count.old + count.new
  return (
    <div className={styles.standing}>
      <p role="status">
        {t('standing.passed', { count: count.passed, all: tests.length })}
        {count.failed > 0 && <strong> · {t('standing.failed', { count: count.failed })}</strong>}
        {notRun > 0 && ` · ${t('standing.not-run', { count: notRun })}`}
      </p>
      <div className={styles.bar} aria-hidden="true">
        {(['passed', 'failed'] as const).map((state) => (
          <span key={state} data-state={state} style={{ flexGrow: count[state] }} />
        ))}
        <span style={{ flexGrow: notRun }} />
      </div>
    </div>
  )
}
