# Runs a command at most once. Arguments: the guard, then the command with its arguments.
# POSIX sh and POSIX programs only. Sent as one line without these comments, so every line ends as
# if the next one followed on it.
exec 2>/dev/null;
guard=$1; shift;
base=$HOME/.windlass/guards;
folder=$base/$guard;
# Packages put WP-CLI here.
PATH=$HOME/bin:$PATH;
# A connection that is lost must not stop the command halfway.
trap "" HUP;
hex() { dd if="$1" bs=65536 count=1 | od -An -v -tx1 | tr -d " \n"; };
stream() { printf " %s:" $(wc -c <"$1"); hex "$1"; };
# Of all calls with this guard, one makes the folder.
if ( umask 077; mkdir -p "$base" && mkdir "$folder" ); then
  ( cd "$folder" && exec "$@" ) >"$folder/out" 2>"$folder/error" </dev/null;
  echo $? >"$folder/status.new" && mv "$folder/status.new" "$folder/status";
fi;
printf "\nwindlass-guard %s" "$guard";
if [ -e "$folder/status" ]; then
  printf " %s" "$(cat "$folder/status")"; stream "$folder/out"; stream "$folder/error";
  # Files are never made again, so what stands there now was whole when it was read.
  if [ -e "$folder/out" ] && [ -e "$folder/error" ]; then echo " finished"; else echo " forgotten"; fi;
elif [ -d "$folder" ]; then echo " unfinished";
else echo " not-begun"; fi;
# Folders and statuses stay for ever, so no guard is used twice; all else goes after seven days.
find "$base" -type f ! -name status -mtime +6 -exec rm -f {} +;
exit 0
