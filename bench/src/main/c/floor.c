/*
 * The floor of floors: what Quern's work costs on SQLite without Java. One thread, Quern's schema and
 * pragmas, one commit for each batch, every completion compares the fence.
 *
 *   floor FILE PRAGMAS insert-one|insert|drain|version ROW|SET|RANGE BATCH ROWS
 *
 * FILE has Quern's schema; for drain it has ROWS ready jobs. ROW: one prepared statement for each row;
 * SET: inserts in one statement for a whole batch, from a JSON array. RANGE: claims and completions in
 * one for each range of ids; a claim looks first and then moves. Prints rows a second.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS "insert into quern_job (lane, state, priority, available_at, created_at, payload) "

static const char *const INSERT = COLUMNS "values (?1, 'ready', 100, ?2, ?2, ?3)";
static const char *const INSERT_SET =
    COLUMNS "select ?1, 'ready', 100, ?2, ?2, value from json_each(?3)";
static const char *const CLAIM =
    "update quern_job set state = 'running', fence = fence + 1, attempts = attempts + 1, owner = 1,"
    " lease_until = ?1 + 60000, started_at = ?1"
    " where id in (select id from quern_job where state = 'ready' and lane = ?2"
    " order by priority, available_at, id limit ?3) returning id, fence, payload";
static const char *const READY =
    "select id, fence + 1, payload from quern_job where state = 'ready' and lane = ?2"
    " order by priority, available_at, id limit ?3";
static const char *const CLAIM_RANGE =
    "update quern_job set state = 'running', fence = fence + 1, attempts = attempts + 1, owner = 1,"
    " lease_until = ?1 + 60000, started_at = ?1"
    " where id between ?2 and ?3 and state = 'ready'";
static const char *const COMPLETE =
    "update quern_job set state = 'done', ended_at = ?1, lease_until = null"
    " where id = ?2 and fence = ?3 and state = 'running'";
static const char *const COMPLETE_RANGE =
    "update quern_job set state = 'done', ended_at = ?1, lease_until = null"
    " where id between ?2 and ?3 and fence = ?4 and state = 'running'";

struct held {
  sqlite3_int64 id;
  sqlite3_int64 fence;
};

static sqlite3 *db;
static sqlite3_int64 lane;
static int set;
static int batch;

static void check(int rc, const char *what) {
  if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
    fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
  }
}

static sqlite3_int64 clock_of(clockid_t id, sqlite3_int64 per_second) {
  struct timespec t;
  clock_gettime(id, &t);
  return t.tv_sec * per_second + t.tv_nsec / (1000000000 / per_second);
}

static sqlite3_int64 millis(void) { return clock_of(CLOCK_REALTIME, 1000); }

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), sql);
  return statement;
}

static void run(const char *sql) { check(sqlite3_exec(db, sql, NULL, NULL, NULL), sql); }

static void step(sqlite3_stmt *statement) {
  check(sqlite3_step(statement), "step");
  check(sqlite3_reset(statement), "reset");
}

static void bind_insert(sqlite3_stmt *insert, const char *text) {
  sqlite3_bind_int64(insert, 1, lane);
  sqlite3_bind_int64(insert, 2, millis());
  sqlite3_bind_text(insert, 3, text, -1, SQLITE_TRANSIENT);
}

static void insert_one(int rows) {
  sqlite3_stmt *insert = prepare(INSERT);
  char payload[32];
  for (int i = 0; i < rows; i++) {
    snprintf(payload, sizeof payload, "{\"n\":%d}", i);
    bind_insert(insert, payload);
    step(insert);
  }
}

static void insert_set(sqlite3_stmt *insert, char *text, int first) {
  char *end = text;
  for (int i = 0; i < batch; i++) {
    end += sprintf(end, "%c\"{\\\"n\\\":%d}\"", i == 0 ? '[' : ',', first + i);
  }
  strcpy(end, "]");
  bind_insert(insert, text);
  step(insert);
}

static void insert_rows(sqlite3_stmt *insert, char *text, int first) {
  for (int i = 0; i < batch; i++) {
    sprintf(text, "{\"n\":%d}", first + i);
    bind_insert(insert, text);
    step(insert);
  }
}

static void insert(int rows, sqlite3_stmt *begin, sqlite3_stmt *commit, char *text) {
  sqlite3_stmt *insert = prepare(set ? INSERT_SET : INSERT);
  for (int i = 0; i < rows / batch; i++) {
    step(begin);
    (set ? insert_set : insert_rows)(insert, text, i * batch);
    step(commit);
  }
}

static int claim(sqlite3_stmt *claim, struct held *held) {
  int count = 0;
  sqlite3_bind_int64(claim, 1, millis());
  sqlite3_bind_int64(claim, 2, lane);
  sqlite3_bind_int(claim, 3, batch);
  while (sqlite3_step(claim) == SQLITE_ROW) {
    held[count].id = sqlite3_column_int64(claim, 0);
    held[count].fence = sqlite3_column_int64(claim, 1);
    if (sqlite3_column_text(claim, 2) == NULL) {
      exit(1);
    }
    count++;
  }
  check(sqlite3_reset(claim), "claim");
  return count;
}

static void complete_rows(sqlite3_stmt *complete, const struct held *held, int count) {
  for (int i = 0; i < count; i++) {
    sqlite3_bind_int64(complete, 1, millis());
    sqlite3_bind_int64(complete, 2, held[i].id);
    sqlite3_bind_int64(complete, 3, held[i].fence);
    step(complete);
  }
}

/* Where the ids, and the fences, no longer go on as they began. */
static int range(const struct held *held, int from, int count) {
  int to = from + 1;
  while (to < count && held[to].id == held[to - 1].id + 1 && held[to].fence == held[from].fence) {
    to++;
  }
  return to;
}

static void complete_ranges(sqlite3_stmt *complete, const struct held *held, int count) {
  for (int from = 0, to = 0; from < count; from = to) {
    to = range(held, from, count);
    sqlite3_bind_int64(complete, 1, millis());
    sqlite3_bind_int64(complete, 2, held[from].id);
    sqlite3_bind_int64(complete, 3, held[to - 1].id);
    sqlite3_bind_int64(complete, 4, held[from].fence);
    step(complete);
  }
}

static void move(sqlite3_stmt *moves, const struct held *held, int count) {
  for (int from = 0, to = 0; from < count; from = to) {
    to = range(held, from, count);
    sqlite3_bind_int64(moves, 1, millis());
    sqlite3_bind_int64(moves, 2, held[from].id);
    sqlite3_bind_int64(moves, 3, held[to - 1].id);
    step(moves);
  }
}

static void drain(sqlite3_stmt *begin, sqlite3_stmt *commit) {
  sqlite3_stmt *claims = prepare(set ? READY : CLAIM);
  sqlite3_stmt *moves = prepare(CLAIM_RANGE);
  sqlite3_stmt *complete = prepare(set ? COMPLETE_RANGE : COMPLETE);
  struct held *held = malloc(batch * sizeof *held);
  int count = 0;
  do {
    step(begin);
    if (set) {
      complete_ranges(complete, held, count);
    } else {
      complete_rows(complete, held, count);
    }
    count = claim(claims, held);
    if (set && count > 0) {
      move(moves, held, count);
    }
    step(commit);
  } while (count > 0);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "version") == 0) {
    printf("%s\n", sqlite3_libversion());
    return 0;
  }
  if (argc != 7) {
    fprintf(stderr, "floor FILE PRAGMAS insert-one|insert|drain ROW|SET|RANGE BATCH ROWS\n");
    return 2;
  }
  check(sqlite3_open(argv[1], &db), "open");
  run(argv[2]);
  set = strcmp(argv[4], "ROW") != 0;
  batch = atoi(argv[5]);
  int rows = atoi(argv[6]);
  char *text = malloc(32L * batch + 64);
  run("insert or ignore into quern_lane (kind) values ('noop')");
  sqlite3_stmt *of = prepare("select id from quern_lane where kind = 'noop'");
  check(sqlite3_step(of), "lane");
  lane = sqlite3_column_int64(of, 0);
  sqlite3_finalize(of);
  sqlite3_stmt *begin = prepare("begin immediate");
  sqlite3_stmt *commit = prepare("commit");
  sqlite3_int64 began = clock_of(CLOCK_MONOTONIC, 1000000000);
  if (strcmp(argv[3], "insert-one") == 0) {
    insert_one(rows);
  } else if (strcmp(argv[3], "insert") == 0) {
    insert(rows, begin, commit, text);
    rows = rows / batch * batch;
  } else {
    drain(begin, commit);
  }
  double seconds = (clock_of(CLOCK_MONOTONIC, 1000000000) - began) / 1e9;
  printf("%.1f\n", rows / seconds);
  return 0;
}
