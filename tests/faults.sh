#!/bin/bash
# Real faults: kill -9 while a plan is being made; the next start goes on by itself, and nothing is half there.
set -eu
B=$PWD/build/asan/internbase
lines=$PWD/demo/base.jsonl
tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
"$B" init >/dev/null 2>&1
sed 's/@FIRST@/2027-03-01/; s/@OPEN@/2027-01-04/; s/@CLOSE@/2027-01-31/' "$lines" | "$B" do --lines
# With the shop shut in week 8 there is no plan: the search goes on until its time is up.
"$B" do capacity_save '{"department_id":1,"first_week":"2027-04-19","weeks":1,"seats":0}' >/dev/null
plan=$("$B" do plan_make --as secretary '{"cohort_id":1,"seconds":60}')
[ "$plan" = '{"id":1}' ]
"$B" work >/dev/null 2>&1 & worker=$!
sleep 2
kill -9 $worker; wait $worker 2>/dev/null || true
"$B" do job_get '{"parent_id":1}' | grep -q '"state":"running"' || { echo "the job was not running"; exit 1; }
[ "$("$B" do placement_list '{"parent_id":1}')" = '{"rows":[]}' ] || { echo "half a plan was stored"; exit 1; }
# The cure: open again; another plan. The left job's lease is over tomorrow; it is taken up again and cancelled.
"$B" do job_cancel --as secretary '{"id":1}' >/dev/null
"$B" work --today "$(date -d '+2 days' +%F)" >/dev/null 2>&1
"$B" do job_get '{"parent_id":1}' | grep -q '"state":"cancelled"' || { "$B" do job_get '{"parent_id":1}'; echo "the left job was not taken up"; exit 1; }
version=$("$B" do capacity_list '{"parent_id":1}' | sed 's/.*"version":\([0-9]*\).*/\1/')
"$B" do capacity_delete "{\"id\":1,\"version\":$version}" >/dev/null
"$B" do plan_make --as secretary '{"cohort_id":1,"seconds":60}' >/dev/null
"$B" work >/dev/null 2>&1
"$B" do plan_list '{"parent_id":1}' | grep -q '"number":2,"state":"draft","verdict":"optimal"' || { echo "no plan after the fault"; exit 1; }
# kill -9 while lines are stored: what was answered is there, and the next start needs no hand.
seq 1 3000 | sed 's/.*/{"do":"person_save","in":{"name":"p&"}}/' > many
"$B" do --lines < many & writer=$!
sleep 0.7
kill -9 $writer; wait $writer 2>/dev/null || true
"$B" do cohort_list | grep -q bme-1
"$B" do person_save '{"name":"after"}' | grep -q '"id"'
