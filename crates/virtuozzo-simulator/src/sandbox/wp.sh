#!/bin/sh
# Stands in for WP-CLI on a simulated node: notes how it was called, answers a little.

printf '%s\0' "$@" >>"$NODE_FOLDER/wp-calls"
printf '\n' >>"$NODE_FOLDER/wp-calls"

dry_run=no
as_count=no
for argument in "$@"; do
    case "$argument" in
    --dry-run) dry_run=yes ;;
    --format=count) as_count=yes ;;
    esac
done

# Global options may stand before the command.
while [ $# -gt 0 ]; do
    case "$1" in
    -*) shift ;;
    *) break ;;
    esac
done

case "${1-} ${2-}" in
'search-replace '*)
    if [ "$as_count" = yes ]; then
        echo 5
        exit 0
    fi
    cat <<'TABLE'
+------------+--------------+--------------+------+
| Table      | Column       | Replacements | Type |
+------------+--------------+--------------+------+
| wp_options | option_value | 2            | PHP  |
| wp_posts   | post_content | 3            | SQL  |
+------------+--------------+--------------+------+
TABLE
    if [ "$dry_run" = yes ]; then
        echo 'Success: 5 replacements to be made.'
    else
        echo 'Success: Made 5 replacements.'
    fi
    ;;
'db export')
    shift 2
    file=database.sql
    for argument in "$@"; do
        case "$argument" in
        - | [!-]*)
            file=$argument
            break
            ;;
        esac
    done
    dump='-- A dump of nothing.'
    if [ "$file" = - ]; then
        echo "$dump"
        exit 0
    fi
    # An absolute path is one of the node, not of this machine.
    case "$file" in
    /*) target=$NODE_FOLDER$file ;;
    *) target=$file ;;
    esac
    mkdir -p "$(dirname "$target")"
    echo "$dump" >"$target"
    echo "Success: Exported to '$file'."
    ;;
'cache flush')
    echo 'Success: The cache was flushed.'
    ;;
esac
