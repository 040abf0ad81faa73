/*
 * The inbox on PostgreSQL: notices that come before, while and after a saga says that it expects them, and go to it.
 *
 * READ COMMITTED: a statement sees what was committed before it began, a row's lock is held to the end of its
 * transaction, and others see what a transaction has written when it commits. Here a transaction is a row of steps;
 * what it writes is set in the step of its commit, together with the release of its locks.
 *
 * An append that writes an expectation takes the advisory lock INBOX shared, then its saga's row, checks the fence,
 * then adopts the orphans that have the reference and reads the saga's notices. It puts the saga to sleep only if it
 * finds no notice that the runner has not looked at; one that it has just adopted is such a notice. A notice looks for
 * its expectation; if there is none it takes INBOX alone and looks again; then it either locks the saga's row and wakes
 * the saga if the row says that it sleeps, or it stays as an orphan.
 *
 * A writer that remembers the row as its own last append has left it decides before it locks: it reads the saga's
 * notices first, then locks its row by writing it, which fails unless the row is the one that is remembered, and looks
 * for notices once more if it puts the saga to sleep. If there is one that it did not see, nothing is committed and the
 * append is decided anew.
 *
 * A runner may die between any two steps, its transaction being rolled back, and may be so slow that the saga is taken
 * from it outside its transactions.
 *
 * Checked. Always: no append is committed under an old fence. When nothing can move any more: the saga does not sleep
 * over a notice that it has not looked at, no orphan is left whose expectation is there, and no lock is held.
 *
 * Mutants:
 *   NO_INBOX            nobody takes INBOX
 *   LOOKED_ONCE         INBOX is taken, but nothing is looked for again
 *   ADOPTED_EARLY       orphans are looked for before INBOX is got
 *   ADOPTED_UNCOUNTED   what was just adopted does not keep the saga awake
 *   READ_BEFORE_LOCK    the saga's notices are read before its row is locked
 *   NOTICE_UNLOCKED     UPDATE ... WHERE it sleeps: where the committed row does not say so, nothing is waited for
 *   INBOX_AFTER_ROW     an append locks its row first: it and a notice wait for each other
 *   INBOX_UPGRADED      a batch with an expectation and a notice has INBOX shared, then wants it alone; so does another
 *   FENCE_UNCHECKED     a runner goes on with what it had in memory
 *   ROW_REMEMBERED      a writer that remembers the row does not look whether it is still the one
 *   LOOKED_BEFORE       a writer that remembers the row does not look for notices once more under its lock
 */
#ifndef RUNNERS
#define RUNNERS 2
#endif
#ifndef NOTICES
#define NOTICES 2
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef PAUSES
#define PAUSES 1
#endif
#define NOBODY 255

/* What is committed. */
bool expectation = false;
byte orphans = 0, attached = 0;   /* notices without a saga, and with this one */
byte lookedAt = 0;                /* of those attached, when the saga went to sleep */
bool asleep = false, another = false;
byte holder = NOBODY, fence = 0;

/* Locks. */
byte lockedBy = NOBODY;           /* the saga's row */
byte inboxShared = 0;
bool inboxAlone = false;
bool inAppend[RUNNERS];           /* the lease's row: the saga is not taken from a runner under its append */

bool abandoned = false;           /* the holder is dead */
byte deaths = 0, pauses = 0, came = 0;

#define LOCK_ROW(who) atomic { lockedBy == NOBODY -> lockedBy = who }
#ifdef NO_INBOX
#define TAKE_SHARED skip
#define TAKE_ALONE skip
#define GIVE_SHARED skip
#else
#define TAKE_SHARED atomic { !inboxAlone -> inboxShared++; shares = true }
#ifdef INBOX_UPGRADED
#define TAKE_ALONE atomic { !inboxAlone && inboxShared == 1 -> inboxShared--; inboxAlone = true; alone = true }
#else
#define TAKE_ALONE atomic { !inboxAlone && inboxShared == 0 -> inboxAlone = true; alone = true }
#endif
#define GIVE_SHARED if :: shares -> inboxShared--; shares = false :: else -> skip fi
#endif
#define ADOPT adopted = orphans
#define READ found = attached

/* Waits for appends under the lease, and for the row that it frees. */
#define CAN_TAKE (holder != NOBODY && holder != me && lockedBy == NOBODY && !inAppend[holder])

#define END_APPEND \
    GIVE_SHARED; if :: lockedBy == me -> lockedBy = NOBODY :: else -> skip fi; inAppend[me] = false; \
    adopted = 0; found = 0

proctype Runner(byte me) {
    byte mine = 0, seen = 0, found = 0, adopted = 0;
    bool writes = false, sleeps = false, shares = false, recalls = false;
end_idle:
    do
    :: atomic { holder == NOBODY && !asleep && lockedBy == NOBODY ->
           holder = me; fence++; mine = fence; abandoned = false; seen = attached }

    /* It holds the saga, or believes so, and has looked at what it saw of the notices. */
    :: atomic { mine != 0 ->
           if
           :: !expectation -> writes = true; if :: sleeps = true :: sleeps = false fi
           :: expectation && !another -> writes = true; sleeps = false
           :: expectation -> writes = false; sleeps = true
           fi;
           if :: recalls = true :: recalls = false fi };
       if
       :: recalls ->
       if :: writes -> TAKE_SHARED :: else -> skip fi;
       inAppend[me] = true;
       if :: writes -> ADOPT :: else -> skip fi;
       READ;
       LOCK_ROW(me);
#ifndef ROW_REMEMBERED
       atomic { if :: holder != me || fence != mine -> END_APPEND; mine = 0; goto end_idle :: else -> skip fi };
#endif
#ifndef LOOKED_BEFORE
       atomic { if :: sleeps && attached != found -> END_APPEND; goto end_idle :: else -> skip fi };
#endif
       :: else ->
#ifdef ADOPTED_EARLY
       ADOPT;
#endif
#ifdef READ_BEFORE_LOCK
       READ;
#endif
#ifdef INBOX_AFTER_ROW
       LOCK_ROW(me);
       if :: writes -> TAKE_SHARED :: else -> skip fi;
#else
       if :: writes -> TAKE_SHARED :: else -> skip fi;
       LOCK_ROW(me);
#endif
       atomic {
           if
#ifndef FENCE_UNCHECKED
           :: holder != me || fence != mine -> END_APPEND; mine = 0; goto end_idle
#endif
           :: else -> inAppend[me] = true
           fi };
#ifndef ADOPTED_EARLY
       if :: writes -> ADOPT :: else -> skip fi;
#endif
#ifndef READ_BEFORE_LOCK
       READ;
#endif
       fi;
       if
       :: atomic { deaths < DEATHS -> deaths++; abandoned = true; END_APPEND; mine = 0; seen = 0; goto end_idle }
       :: skip
       fi;
       atomic {
           assert(holder == me && fence == mine);
           if :: writes && expectation -> another = true
              :: writes && !expectation ->
                 expectation = true; orphans = orphans - adopted; attached = attached + adopted
              :: else -> skip fi;
           if
#ifdef ADOPTED_UNCOUNTED
           :: sleeps && found == seen ->
#else
           :: sleeps && found + adopted == seen ->
#endif
              asleep = true; lookedAt = seen; holder = NOBODY; mine = 0
           :: else -> seen = found + adopted
           fi;
           END_APPEND
       }

    /* Its lease is taken over: it is dead, or slow. */
    :: atomic { CAN_TAKE && abandoned -> holder = NOBODY; abandoned = false }
    :: atomic { CAN_TAKE && !abandoned && pauses < PAUSES -> pauses++; holder = NOBODY }
    od
}

proctype Notice(byte me) {
    bool found = false, wakes = false, alone = false, shares = false;
#ifdef INBOX_UPGRADED
    TAKE_SHARED;
#endif
    found = expectation;
    if
    :: !found ->
       TAKE_ALONE;
#ifndef LOOKED_ONCE
       found = expectation
#endif
    :: else -> skip
    fi;
#ifdef NOTICE_UNLOCKED
    wakes = asleep;
#else
    if :: found -> LOCK_ROW(me); wakes = true :: else -> skip fi;
#endif
    atomic {
        if
        :: found -> attached++; if :: wakes -> asleep = false :: else -> skip fi
        :: else -> orphans++
        fi;
        if :: lockedBy == me -> lockedBy = NOBODY :: else -> skip fi;
        if :: alone -> inboxAlone = false :: else -> skip fi;
        if :: shares && !alone -> inboxShared-- :: else -> skip fi;
        came++
    }
}

init {
    atomic {
        byte i;
        for (i : 0 .. RUNNERS - 1) { run Runner(i) }
        for (i : 1 .. NOTICES) { run Notice(100 + i) }
        i = 0
    }
    timeout;
    assert(lockedBy == NOBODY && !inboxAlone && inboxShared == 0 && came == NOTICES);
    assert(expectation && orphans == 0);
    assert(asleep && lookedAt == NOTICES)
}
