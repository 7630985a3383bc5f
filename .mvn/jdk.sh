# Finds a JDK 25 or newer and exports JAVA_HOME; sourced by ./portside and ./check.
# `java` on the path may well be older: what counts is the release file of each home.

jdk_is_new_enough() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS='="' read -r key _ version; do
        if [ "$key" = JAVA_VERSION ]; then
            [ "${version%%[!0-9]*}" -ge 25 ] 2>/dev/null
            return
        fi
    done <"$1/release"
    return 1
}

find_jdk() {
    user_home=${HOME:-/nonexistent}
    jdk_on_path=$(command -v javac 2>/dev/null) && jdk_on_path=$(readlink -f "$jdk_on_path" 2>/dev/null)
    jdk_on_path=${jdk_on_path%/bin/javac}
    for home in "${JAVA_HOME:-}" "$jdk_on_path" \
        /usr/lib/jvm/* /usr/local/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        "$user_home"/.sdkman/candidates/java/* "$user_home"/.jdks/* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "$user_home"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [ -n "$home" ] && jdk_is_new_enough "$home"; then
            JAVA_HOME=$home
            export JAVA_HOME
            return 0
        fi
    done
    echo "portside: needs a JDK 25 or newer, and none was found: install one (https://adoptium.net) or set JAVA_HOME" >&2
    return 1
}
