# Sourced, from the root of the checkout, by programs that run classes of the laboratory without a test run.

# compile_lab PROGRAM: compiles what is stale, and sets $classpath to the file that holds the class path of its libraries.
compile_lab() {
    classpath=$PWD/lab/target/run.classpath
    log=$PWD/lab/run.log
    if ! ./mvnw -q -ntp -B -pl lab -am test-compile dependency:build-classpath "-Dmdep.outputFile=target/run.classpath" \
        -Dmdep.includeScope=test >"$log" 2>&1; then
        echo "$1: the build failed:" >&2
        grep -v '^WARNING: ' "$log" | head -n 40 >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}
