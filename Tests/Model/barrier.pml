/*
 * The barrier on PostgreSQL: a parent that sleeps until its last child has ended.
 *
 * READ COMMITTED: a statement sees what was committed before it began, a row's lock is held to the end of its
 * transaction, and others see what a transaction has written when it commits. Here a transaction is a row of steps;
 * what it writes is set in the step of its commit, together with the release of its locks.
 *
 * A child that ends adds to a counter that is its runner's own, so that children do not wait for their parent's row.
 * After its commit the runner sums the counters, in a new transaction; if no child is open it locks the parent's row,
 * by its number alone, and wakes the parent if the row then says that it sleeps. A parent that wants to sleep locks
 * its row, then sums, then writes. Whoever takes a lease over looks in the same way at every parent that has no open
 * child, asleep or not.
 *
 * Every append holds its lease's row for share, so no lease is taken over under it. A runner may die between any two
 * steps, and may be so slow that its lease is taken; it comes back under a new one.
 *
 * Checked. Always: no append is committed under a dead lease, or for a parent that another holds. When nothing can
 * move any more: the parent has come through the barrier, and no lock is held.
 *
 * Mutants:
 *   SUM_BEFORE_COMMIT  the runner sums within the transaction that ends the child, and not again
 *   PARENT_UNLOCKED    the parent sums before it locks its row
 *   WAKE_FILTERED      UPDATE ... WHERE it sleeps: where the committed row does not say so yet, nothing is waited for
 *   NO_SWEEP           whoever takes a lease over looks at no parent
 *   SWEEP_SLEEPERS     ... only at parents that sleep by the committed rows: one may be about to
 *   TAKE_HOLDERS       ... and takes over only leases that hold a saga: the last child may have been the last one held
 *   LEASE_UNLOCKED     the lease is read and not held
 *   ANSWER_FORGOTTEN   when the answer to a commit is lost, nobody sums
 */
#ifndef RUNNERS
#define RUNNERS 2
#endif
#ifndef CHILDREN
#define CHILDREN 2
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef PAUSES
#define PAUSES 1
#endif
#define LEASES (RUNNERS + DEATHS + PAUSES)
#define NOBODY 255
#define ENDED 254

/* What is committed. */
bool alive[LEASES];               /* the lease's row is there and not marked dead */
byte ended = 0;                   /* the sum of all counters: one statement reads them all */
byte childHolder[CHILDREN];       /* NOBODY, a lease, or ENDED */
byte holder = NOBODY;             /* of the parent */
bool asleep = false, through = false;

/* Locks. */
byte lockedBy = NOBODY;           /* the parent's row */
bool shared[LEASES];              /* a lease's row, by the transaction of its runner */

byte leases = RUNNERS;            /* given so far */
bool abandoned[LEASES];           /* its runner is dead, so that it will expire */
byte deaths = 0, pauses = 0;

/* A runner dies: its memory is gone, and the server rolls its transaction back. Once within each transaction is
   enough: until it commits, nobody sees how far it has come. */
#define MAY_DIE \
    if \
    :: atomic { deaths < DEATHS -> deaths++; abandoned[my] = true; shared[my] = false; \
           if :: lockedBy == my -> lockedBy = NOBODY :: else -> skip fi; goto born } \
    :: skip \
    fi

/* Every append begins so. */
#ifdef LEASE_UNLOCKED
#define CHECK_LEASE if :: atomic { alive[my] } :: atomic { !alive[my] -> goto born } fi
#else
#define CHECK_LEASE if :: atomic { alive[my] -> shared[my] = true } :: atomic { !alive[my] -> goto born } fi
#endif
#define LOCK_PARENT atomic { lockedBy == NOBODY -> lockedBy = my }
#define SUM sum = ended

#define CAN_CLAIM(c) alive[my] && child == NOBODY && childHolder[c] == NOBODY
#define CLAIM(c) child = c; childHolder[c] = my

#define HOLDS(l) (holder == l || childHolder[0] == l || childHolder[1] == l || childHolder[CHILDREN - 1] == l)
#ifdef TAKE_HOLDERS
#define IS_TAKEN(l) HOLDS(l)
#else
#define IS_TAKEN(l) true
#endif
/* Waits for appends under the lease, and for the rows that it frees. */
#define CAN_TAKE(l) \
    l < leases && l != my && alive[my] && alive[l] && !shared[l] && (abandoned[l] || pauses < PAUSES) \
        && IS_TAKEN(l) && (holder != l || lockedBy == NOBODY)
#define FREE(c, l) if :: childHolder[c] == l -> childHolder[c] = NOBODY :: else -> skip fi
#if CHILDREN > 2
#define FREE_CHILDREN(l) FREE(0, l); FREE(1, l); FREE(2, l)
#else
#define FREE_CHILDREN(l) FREE(0, l); FREE(1, l)
#endif
#ifdef NO_SWEEP
#define TAKE_OVER_SWEEPS false
#else
#define TAKE_OVER_SWEEPS true
#endif
#define TAKE(l) \
    if :: abandoned[l] -> skip :: else -> pauses++ fi; \
    alive[l] = false; FREE_CHILDREN(l); \
    if :: holder == l -> holder = NOBODY :: else -> skip fi; \
    sweeps = TAKE_OVER_SWEEPS

proctype Runner(byte my) {
    byte child = NOBODY, sum = 0;
    bool owes = false, sweeps = false;   /* has ended a child, taken a lease over, and not looked at the parent since */
    goto end_idle;
born:
    atomic { child = NOBODY; sum = 0; owes = false; sweeps = false; my = leases; leases++; alive[my] = true }
end_idle:
    do
    :: atomic { CAN_CLAIM(0) -> CLAIM(0) }
    :: atomic { CAN_CLAIM(1) -> CLAIM(1) }
#if CHILDREN > 2
    :: atomic { CAN_CLAIM(2) -> CLAIM(2) }
#endif
    :: child != NOBODY ->
       CHECK_LEASE;
#ifdef SUM_BEFORE_COMMIT
       SUM;
#endif
       MAY_DIE;
       atomic {
           assert(alive[my] && childHolder[child] == my);
           childHolder[child] = ENDED; child = NOBODY; ended++; shared[my] = false;
#ifdef SUM_BEFORE_COMMIT
           if :: sum + 1 == CHILDREN -> owes = true :: else -> skip fi;
#elif defined(ANSWER_FORGOTTEN)
           if :: owes = true :: skip fi;
#else
           owes = true;
#endif
           sum = 0
       }

    :: atomic { alive[my] && !through && holder == NOBODY && !asleep && lockedBy == NOBODY -> holder = my }
    :: holder == my ->
       CHECK_LEASE;
#ifdef PARENT_UNLOCKED
       SUM;
       LOCK_PARENT;
#else
       LOCK_PARENT;
       SUM;
#endif
       MAY_DIE;
       atomic {
           if
           :: holder != my -> skip
           :: else ->
              assert(alive[my] && holder == my);
              if :: sum == CHILDREN -> through = true :: else -> asleep = true fi;
              holder = NOBODY
           fi;
           sum = 0; lockedBy = NOBODY; shared[my] = false
       }

    :: owes || sweeps ->
       MAY_DIE;
#ifdef SWEEP_SLEEPERS
       if :: atomic { !owes && !asleep -> goto looked } :: atomic { owes || asleep } fi;
#endif
#ifndef SUM_BEFORE_COMMIT
       SUM;
       if :: atomic { sum < CHILDREN -> goto looked } :: atomic { sum == CHILDREN } fi;
#endif
#ifdef WAKE_FILTERED
       if :: atomic { !asleep -> goto looked } :: atomic { asleep } fi;
#endif
       LOCK_PARENT;
       atomic { asleep = false; lockedBy = NOBODY };
looked:
       atomic { owes = false; sweeps = false; sum = 0 }

    :: atomic { CAN_TAKE(0) -> TAKE(0) }
    :: atomic { CAN_TAKE(1) -> TAKE(1) }
    :: atomic { CAN_TAKE(2) -> TAKE(2) }
    :: atomic { CAN_TAKE(3) -> TAKE(3) }
#if LEASES > 4
    :: atomic { CAN_TAKE(4) -> TAKE(4) }
#endif
#if LEASES > 5
    :: atomic { CAN_TAKE(5) -> TAKE(5) }
#endif
    :: atomic { !alive[my] -> goto born }
    od
}

init {
    atomic {
        byte i;
        for (i : 0 .. CHILDREN - 1) { childHolder[i] = NOBODY }
        for (i : 0 .. RUNNERS - 1) { alive[i] = true; run Runner(i) }
        i = 0
    }
    timeout;
    assert(through && lockedBy == NOBODY)
}
