"""The engines inside the package, and the one process that keeps everything of ``ioc demo`` alive.

``postgres`` and ``broker`` describe the two engines as children; ``children`` starts any child so
that it cannot outlive its parent; ``supervisor`` owns a data folder, starts children in order,
replaces those that die and ends all of them. Linux only: it leans on ``/proc``, ``prctl`` and
``pidfd``.

Who runs what:

* An **ordinary user** runs everything as that user.
* **root** runs the supervisor, the broker and the Python children as root. PostgreSQL refuses to
  be root, so it is started in a user namespace of its own, where it believes to be uid 1000
  (``Identity.NAMESPACE``): the cluster stays in root's private folder, nobody is added to
  ``/etc/passwd`` and no folder is opened to others. To the rest of the machine it still is root's
  process without capabilities, which is why a machine that matters should not run this as root.
* **root where user namespaces are refused** (many containers): PostgreSQL runs as uid and gid 65534
  (``Identity.NOBODY``), which needs a folder that uid can reach. The cluster then lives below
  ``/var/lib/ioc`` (or, where that cannot be made, below the folder for temporary files that
  outlive a restart, ``/var/tmp``), in a folder of mode 0700 that belongs to 65534; a link in the
  data folder leads there. The binaries are copied beside it when theirs cannot be reached.
"""
