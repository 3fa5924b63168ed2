; gconv
define internal i32 @gconv.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) readonly align 4 %a1, ptr noalias captures(none) align 4 %a2, ptr %workspace, i32 %threads) #0 {
entry:
  br label %loop2
loop2:
  %i0.4 = phi i64 [ 0, %entry ], [ %v24, %end7 ]
  %v13 = mul nsw i64 %i0.4, 512
  %v14 = getelementptr float, ptr %a2, i64 %v13
  br label %loop6
loop6:
  %i1.8 = phi i64 [ 0, %loop2 ], [ %v22, %end11 ]
  %v15 = mul nsw i64 %i1.8, 128
  %v16 = getelementptr float, ptr %v14, i64 %v15
  br label %loop10
loop10:
  %i2.12 = phi i64 [ 0, %loop6 ], [ %v20, %loop10 ]
  %v17 = mul nsw i64 %i2.12, 32
  %v18 = getelementptr float, ptr %v16, i64 %v17
  store <16 x float> splat (float 0x0000000000000000), ptr %v18, align 4
  %v19 = getelementptr float, ptr %v18, i64 16
  store <16 x float> splat (float 0x0000000000000000), ptr %v19, align 4
  %v20 = add nsw i64 %i2.12, 1
  %v21 = icmp slt i64 %v20, 4
  br i1 %v21, label %loop10, label %end11
end11:
  %v22 = add nsw i64 %i1.8, 1
  %v23 = icmp slt i64 %v22, 4
  br i1 %v23, label %loop6, label %end7
end7:
  %v24 = add nsw i64 %i0.4, 1
  %v25 = icmp slt i64 %v24, 2
  br i1 %v25, label %loop2, label %end3
end3:
  br label %loop27
loop27:
  %i4.29 = phi i64 [ 0, %end3 ], [ %v194, %end32 ]
  %v34 = mul nsw i64 %i4.29, 512
  %v35 = getelementptr float, ptr %a2, i64 %v34
  %v89 = mul nsw i64 %i4.29, 408
  %v90 = getelementptr float, ptr %a0, i64 %v89
  %v99 = mul nsw i64 %i4.29, 72
  %v100 = getelementptr float, ptr %a1, i64 %v99
  br label %loop31
loop31:
  %i5.33 = phi i64 [ 0, %loop27 ], [ %v192, %end55 ]
  %v36 = mul nsw i64 %i5.33, 32
  %v37 = getelementptr float, ptr %v35, i64 %v36
  %v91 = mul nsw i64 %i5.33, 34
  %v92 = getelementptr float, ptr %v90, i64 %v91
  %v38 = load <16 x float>, ptr %v37, align 4
  %v39 = getelementptr float, ptr %v37, i64 16
  %v40 = load <16 x float>, ptr %v39, align 4
  %v41 = getelementptr float, ptr %v37, i64 128
  %v42 = load <16 x float>, ptr %v41, align 4
  %v43 = getelementptr float, ptr %v37, i64 144
  %v44 = load <16 x float>, ptr %v43, align 4
  %v45 = getelementptr float, ptr %v37, i64 256
  %v46 = load <16 x float>, ptr %v45, align 4
  %v47 = getelementptr float, ptr %v37, i64 272
  %v48 = load <16 x float>, ptr %v47, align 4
  %v49 = getelementptr float, ptr %v37, i64 384
  %v50 = load <16 x float>, ptr %v49, align 4
  %v51 = getelementptr float, ptr %v37, i64 400
  %v52 = load <16 x float>, ptr %v51, align 4
  br label %loop54
loop54:
  %i6.56 = phi i64 [ 0, %loop31 ], [ %v175, %end67 ]
  %r0.57 = phi <16 x float> [ %v38, %loop31 ], [ %v167, %end67 ]
  %r1.58 = phi <16 x float> [ %v40, %loop31 ], [ %v168, %end67 ]
  %r2.59 = phi <16 x float> [ %v42, %loop31 ], [ %v169, %end67 ]
  %r3.60 = phi <16 x float> [ %v44, %loop31 ], [ %v170, %end67 ]
  %r4.61 = phi <16 x float> [ %v46, %loop31 ], [ %v171, %end67 ]
  %r5.62 = phi <16 x float> [ %v48, %loop31 ], [ %v172, %end67 ]
  %r6.63 = phi <16 x float> [ %v50, %loop31 ], [ %v173, %end67 ]
  %r7.64 = phi <16 x float> [ %v52, %loop31 ], [ %v174, %end67 ]
  %v93 = mul nsw i64 %i6.56, 204
  %v94 = getelementptr float, ptr %v92, i64 %v93
  %v101 = mul nsw i64 %i6.56, 9
  %v102 = getelementptr float, ptr %v100, i64 %v101
  br label %loop66
loop66:
  %i7.68 = phi i64 [ 0, %loop54 ], [ %v165, %end79 ]
  %r0.69 = phi <16 x float> [ %r0.57, %loop54 ], [ %v157, %end79 ]
  %r1.70 = phi <16 x float> [ %r1.58, %loop54 ], [ %v158, %end79 ]
  %r2.71 = phi <16 x float> [ %r2.59, %loop54 ], [ %v159, %end79 ]
  %r3.72 = phi <16 x float> [ %r3.60, %loop54 ], [ %v160, %end79 ]
  %r4.73 = phi <16 x float> [ %r4.61, %loop54 ], [ %v161, %end79 ]
  %r5.74 = phi <16 x float> [ %r5.62, %loop54 ], [ %v162, %end79 ]
  %r6.75 = phi <16 x float> [ %r6.63, %loop54 ], [ %v163, %end79 ]
  %r7.76 = phi <16 x float> [ %r7.64, %loop54 ], [ %v164, %end79 ]
  %v95 = mul nsw i64 %i7.68, 34
  %v96 = getelementptr float, ptr %v94, i64 %v95
  %v103 = mul nsw i64 %i7.68, 3
  %v104 = getelementptr float, ptr %v102, i64 %v103
  br label %loop78
loop78:
  %i8.80 = phi i64 [ 0, %loop66 ], [ %v155, %loop78 ]
  %r0.81 = phi <16 x float> [ %r0.69, %loop66 ], [ %v109, %loop78 ]
  %r1.82 = phi <16 x float> [ %r1.70, %loop66 ], [ %v115, %loop78 ]
  %r2.83 = phi <16 x float> [ %r2.71, %loop66 ], [ %v121, %loop78 ]
  %r3.84 = phi <16 x float> [ %r3.72, %loop66 ], [ %v128, %loop78 ]
  %r4.85 = phi <16 x float> [ %r4.73, %loop66 ], [ %v134, %loop78 ]
  %r5.86 = phi <16 x float> [ %r5.74, %loop66 ], [ %v141, %loop78 ]
  %r6.87 = phi <16 x float> [ %r6.75, %loop66 ], [ %v147, %loop78 ]
  %r7.88 = phi <16 x float> [ %r7.76, %loop66 ], [ %v154, %loop78 ]
  %v97 = getelementptr float, ptr %v96, i64 %i8.80
  %v105 = getelementptr float, ptr %v104, i64 %i8.80
  %v98 = load <16 x float>, ptr %v97, align 4
  %v106 = load float, ptr %v105, align 4
  %v107 = insertelement <16 x float> poison, float %v106, i64 0
  %v108 = shufflevector <16 x float> %v107, <16 x float> poison, <16 x i32> zeroinitializer
  %v109 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v98, <16 x float> %v108, <16 x float> %r0.81)
  %v110 = getelementptr float, ptr %v97, i64 16
  %v111 = load <16 x float>, ptr %v110, align 4
  %v112 = load float, ptr %v105, align 4
  %v113 = insertelement <16 x float> poison, float %v112, i64 0
  %v114 = shufflevector <16 x float> %v113, <16 x float> poison, <16 x i32> zeroinitializer
  %v115 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v111, <16 x float> %v114, <16 x float> %r1.82)
  %v116 = load <16 x float>, ptr %v97, align 4
  %v117 = getelementptr float, ptr %v105, i64 18
  %v118 = load float, ptr %v117, align 4
  %v119 = insertelement <16 x float> poison, float %v118, i64 0
  %v120 = shufflevector <16 x float> %v119, <16 x float> poison, <16 x i32> zeroinitializer
  %v121 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v116, <16 x float> %v120, <16 x float> %r2.83)
  %v122 = getelementptr float, ptr %v97, i64 16
  %v123 = load <16 x float>, ptr %v122, align 4
  %v124 = getelementptr float, ptr %v105, i64 18
  %v125 = load float, ptr %v124, align 4
  %v126 = insertelement <16 x float> poison, float %v125, i64 0
  %v127 = shufflevector <16 x float> %v126, <16 x float> poison, <16 x i32> zeroinitializer
  %v128 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v123, <16 x float> %v127, <16 x float> %r3.84)
  %v129 = load <16 x float>, ptr %v97, align 4
  %v130 = getelementptr float, ptr %v105, i64 36
  %v131 = load float, ptr %v130, align 4
  %v132 = insertelement <16 x float> poison, float %v131, i64 0
  %v133 = shufflevector <16 x float> %v132, <16 x float> poison, <16 x i32> zeroinitializer
  %v134 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v129, <16 x float> %v133, <16 x float> %r4.85)
  %v135 = getelementptr float, ptr %v97, i64 16
  %v136 = load <16 x float>, ptr %v135, align 4
  %v137 = getelementptr float, ptr %v105, i64 36
  %v138 = load float, ptr %v137, align 4
  %v139 = insertelement <16 x float> poison, float %v138, i64 0
  %v140 = shufflevector <16 x float> %v139, <16 x float> poison, <16 x i32> zeroinitializer
  %v141 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v136, <16 x float> %v140, <16 x float> %r5.86)
  %v142 = load <16 x float>, ptr %v97, align 4
  %v143 = getelementptr float, ptr %v105, i64 54
  %v144 = load float, ptr %v143, align 4
  %v145 = insertelement <16 x float> poison, float %v144, i64 0
  %v146 = shufflevector <16 x float> %v145, <16 x float> poison, <16 x i32> zeroinitializer
  %v147 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v142, <16 x float> %v146, <16 x float> %r6.87)
  %v148 = getelementptr float, ptr %v97, i64 16
  %v149 = load <16 x float>, ptr %v148, align 4
  %v150 = getelementptr float, ptr %v105, i64 54
  %v151 = load float, ptr %v150, align 4
  %v152 = insertelement <16 x float> poison, float %v151, i64 0
  %v153 = shufflevector <16 x float> %v152, <16 x float> poison, <16 x i32> zeroinitializer
  %v154 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v149, <16 x float> %v153, <16 x float> %r7.88)
  %v155 = add nsw i64 %i8.80, 1
  %v156 = icmp slt i64 %v155, 3
  br i1 %v156, label %loop78, label %end79
end79:
  %v157 = phi <16 x float> [ %v109, %loop78 ]
  %v158 = phi <16 x float> [ %v115, %loop78 ]
  %v159 = phi <16 x float> [ %v121, %loop78 ]
  %v160 = phi <16 x float> [ %v128, %loop78 ]
  %v161 = phi <16 x float> [ %v134, %loop78 ]
  %v162 = phi <16 x float> [ %v141, %loop78 ]
  %v163 = phi <16 x float> [ %v147, %loop78 ]
  %v164 = phi <16 x float> [ %v154, %loop78 ]
  %v165 = add nsw i64 %i7.68, 1
  %v166 = icmp slt i64 %v165, 3
  br i1 %v166, label %loop66, label %end67
end67:
  %v167 = phi <16 x float> [ %v157, %end79 ]
  %v168 = phi <16 x float> [ %v158, %end79 ]
  %v169 = phi <16 x float> [ %v159, %end79 ]
  %v170 = phi <16 x float> [ %v160, %end79 ]
  %v171 = phi <16 x float> [ %v161, %end79 ]
  %v172 = phi <16 x float> [ %v162, %end79 ]
  %v173 = phi <16 x float> [ %v163, %end79 ]
  %v174 = phi <16 x float> [ %v164, %end79 ]
  %v175 = add nsw i64 %i6.56, 1
  %v176 = icmp slt i64 %v175, 2
  br i1 %v176, label %loop54, label %end55
end55:
  %v177 = phi <16 x float> [ %v167, %end67 ]
  %v178 = phi <16 x float> [ %v168, %end67 ]
  %v179 = phi <16 x float> [ %v169, %end67 ]
  %v180 = phi <16 x float> [ %v170, %end67 ]
  %v181 = phi <16 x float> [ %v171, %end67 ]
  %v182 = phi <16 x float> [ %v172, %end67 ]
  %v183 = phi <16 x float> [ %v173, %end67 ]
  %v184 = phi <16 x float> [ %v174, %end67 ]
  store <16 x float> %v177, ptr %v37, align 4
  %v185 = getelementptr float, ptr %v37, i64 16
  store <16 x float> %v178, ptr %v185, align 4
  %v186 = getelementptr float, ptr %v37, i64 128
  store <16 x float> %v179, ptr %v186, align 4
  %v187 = getelementptr float, ptr %v37, i64 144
  store <16 x float> %v180, ptr %v187, align 4
  %v188 = getelementptr float, ptr %v37, i64 256
  store <16 x float> %v181, ptr %v188, align 4
  %v189 = getelementptr float, ptr %v37, i64 272
  store <16 x float> %v182, ptr %v189, align 4
  %v190 = getelementptr float, ptr %v37, i64 384
  store <16 x float> %v183, ptr %v190, align 4
  %v191 = getelementptr float, ptr %v37, i64 400
  store <16 x float> %v184, ptr %v191, align 4
  %v192 = add nsw i64 %i5.33, 1
  %v193 = icmp slt i64 %v192, 4
  br i1 %v193, label %loop31, label %end32
end32:
  %v194 = add nsw i64 %i4.29, 1
  %v195 = icmp slt i64 %v194, 2
  br i1 %v195, label %loop27, label %end28
end28:
  ret i32 0
}

define i32 @gconv(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = getelementptr ptr, ptr %buffers, i64 2
  %v6 = load ptr, ptr %v5, align 8
  %v7 = call i32 @gconv.body(ptr %v2, ptr %v4, ptr %v6, ptr %workspace, i32 %threads)
  ret i32 %v7
}

declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="512" "min-legal-vector-width"="512" }

