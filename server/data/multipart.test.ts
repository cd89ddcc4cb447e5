import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstFile } from './multipart.ts'

const type = 'multipart/form-data; boundary=----b'
const bodyOf = (content: Buffer, name = 'a.csv') =>
  Buffer.concat([
    Buffer.from(
      `------b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/csv\r\n\r\n`,
    ),
    content,
    Buffer.from('\r\n------b--\r\n'),
  ])
const inPieces = (bytes: Buffer, size: number): ReadableStream<Uint8Array> => {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(new Uint8Array(bytes.subarray(at, at + size)))
      at += size
    },
  })
}

test('a file comes out as it went in, wherever the pieces are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((a) => Buffer.from(a)),
        fc.array(fc.constantFrom('\r\n', '--', '----b', 'x', '\r')).map((parts) => Buffer.from(parts.join(''))),
      ),
      fc.integer({ min: 1, max: 64 }),
      async (content, size) => {
        fc.pre(!content.includes('\r\n------b'))
        const { content: stream } = await firstFile(type, inPieces(bodyOf(content), size))
        expect(Buffer.from(await new Response(stream).arrayBuffer())).toEqual(content)
      },
    ),
  )
})

test("the client's name of a file is shown, never used as a path", async () => {
  const { name } = await firstFile(type, inPieces(bodyOf(Buffer.from('a'), '../../etc/passwd'), 1000))
  expect(name).toBe('passwd')
})

test('a body that is cut off or no form at all is refused', async () => {
  const cut = bodyOf(Buffer.from('abc')).subarray(0, -12)
  const { content } = await firstFile(type, inPieces(cut, 10))
  await expect(new Response(content).arrayBuffer()).rejects.toThrow()
  await expect(firstFile('application/json', inPieces(Buffer.from('{}'), 2))).rejects.toMatchObject({
    code: 'invalid-request',
  })
  await expect(firstFile(type, inPieces(Buffer.from('x'.repeat(50_000)), 1000))).rejects.toMatchObject({
    code: 'invalid-request',
  })
})
