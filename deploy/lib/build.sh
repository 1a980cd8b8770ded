# shellcheck shell=bash
# The release build, the same wherever it is made. Sourced, never run; needs say.sh and the variable `repository`.
# shellcheck disable=SC2154

# build_release: builds both programs: glo, and glo-init, which runs in every container.
build_release() {
    # Embedded Swift has no static variant of the standard library to choose, so the flag is for glo alone: with Swift's
    # own libraries inside, glo runs on a machine without a toolchain.
    build_product glo-init
    build_product glo --static-swift-stdlib
}

# build_product NAME FLAG…: builds one product of the package in the release configuration.
build_product() {
    local name=$1
    shift
    note "swift build -c release --product $name $*"
    swift build --package-path "$repository" -c release --product "$name" "$@" ||
        fail "the release build of $name failed; the compiler's message stands above."
}
