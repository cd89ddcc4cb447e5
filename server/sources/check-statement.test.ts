import { expect, test } from 'vitest'
import type { BotloomError } from '#kit'
import { checkStatement, type Dialect } from './check-statement.ts'

const verdict = (sql: string, dialect: Dialect = 'postgres') => {
  try {
    return checkStatement(sql, dialect)
  } catch (error) {
    return (error as BotloomError).code
  }
}

test('one reading statement passes as it is, without its last semicolon', () => {
  for (const sql of [
    'select 1',
    '  SELECT "delete", \'; drop table x\' from t -- update it\n where a = $$ ) ; $$',
    'with a as (select 1) select * from a /* ; /* nested */ insert */',
    '(select 1) union (select 2)',
    "select E'it\\'s; ' || 'b'",
    'table questions',
  ])
    expect(verdict(sql)).toBe(sql)
  expect(verdict('select 1 ; \n')).toBe('select 1')
  expect(verdict("select 'it\\'s; fine', `into` from t # ; drop", 'mysql')).toBe(
    "select 'it\\'s; fine', `into` from t # ; drop",
  )
})

test('what writes, is several, or leaves its parentheses is refused by name', () => {
  expect(verdict('delete from t')).toBe('source-not-select')
  expect(verdict('explain analyze delete from t')).toBe('source-not-select')
  expect(verdict('')).toBe('source-not-select')
  expect(verdict('-- select\n drop table t')).toBe('source-not-select')
  expect(verdict('select 1; drop table t')).toBe('source-several')
  expect(verdict('select 1) as q; drop table t; --')).toBe('source-several')
  expect(verdict("select 1) as q union select pg_read_file('x') from (select 1")).toBe('source-several')
  expect(verdict('with gone as (delete from t returning *) select * from gone')).toBe('source-writes')
  expect(verdict('select * into copy from t')).toBe('source-writes')
  expect(verdict('select * from t for no key update')).toBe('source-writes')
  expect(verdict("select 1 into outfile '/tmp/x'", 'mysql')).toBe('source-writes')
  expect(verdict("select 1 /*!50000 into outfile '/tmp/x' */", 'mysql')).toBe('source-writes')
  expect(verdict("select 1 /*M! into outfile '/tmp/x' */", 'mysql')).toBe('source-writes')
  expect(verdict('select * from t lock in share mode', 'mysql')).toBe('source-writes')
})

test('a quote of one dialect hides nothing in the other', () => {
  // In PostgreSQL the backslash is a letter and the text ends before the semicolon.
  expect(verdict("select '\\'; drop table t --'")).toBe('source-several')
  // In MySQL neither a dollar nor a nested comment quotes anything.
  expect(verdict('select $$; drop table t $$', 'mysql')).toBe('source-several')
  expect(verdict('select 1 /* /* */ ; drop table t */', 'mysql')).toBe('source-several')
  expect(verdict('select 1 --1; drop table t', 'mysql')).toBe('source-several')
})
