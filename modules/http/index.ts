import type { Module } from '../../core/module/module.ts'
import { query } from './query.ts'
import { waitForSuccessfulQuery } from './wait_for_successful_query.ts'

const http: Module = {
  summary: 'Web servers: what they answer, and waiting until they do. They are asked by curl.',
  states: { 'http.wait_for_successful_query': waitForSuccessfulQuery },
  functions: { 'http.query': query },
}

export default http
